// The wall clock as a server watches it: it wakes at the moment of the next drill by that clock,
// and at once when somebody sets it; and it tells by how much that was, against the steady clock.
#pragma once
#include <functional>
#include <optional>

#include "ports/clock.hpp"
#include "ports/wall_alarm.hpp"

namespace muster::scheduler {

/// A wall clock that moved so much against the steady one was set, not slewed.
inline constexpr Duration kJump = std::chrono::seconds{2};

class WallWatch {
 public:
  /// `on_wake`: it is time to look at everything. All must outlive it.
  WallWatch(ports::Clock& clock, ports::WallAlarm& alarm, std::function<void()> on_wake);

  /// Wakes when the wall clock shows `when`; without one only when it is set. Replaces what was
  /// wanted before.
  void wake_at(std::optional<WallTime> when);
  /// By how much it was set since this was asked last, or was made; nothing: by less than kJump.
  std::optional<Duration> jumped();

 private:
  void arm();
  void rang(ports::WallAlarm::Why why);
  Duration offset() const;

  ports::Clock& clock_;
  ports::WallAlarm& alarm_;
  std::function<void()> on_wake_;
  std::optional<WallTime> when_;
  Duration offset_;
};

}  // namespace muster::scheduler
