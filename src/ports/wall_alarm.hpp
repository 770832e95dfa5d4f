// The wall clock as an alarm: for what happens at a time of day, however the clock is set
// meanwhile. Real: a timerfd on CLOCK_REALTIME. Faked: tests.
#pragma once
#include <functional>

#include "base/time.hpp"

namespace muster::ports {

/// Used from the engine's thread only; callbacks run on it.
class WallAlarm {
 public:
  enum class Why {
    reached,  ///< the wall clock shows that moment, or a later one
    set  ///< the wall clock was set, by whom- and however much; the moment may be to come still
  };
  virtual ~WallAlarm() = default;
  /// Calls `fn` once, never from within at(). There is one alarm: this one replaces an earlier one
  /// that has not rung.
  virtual void at(WallTime when, std::function<void(Why)> fn) = 0;
};

}  // namespace muster::ports
