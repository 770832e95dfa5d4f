// The pulse of one service while a run goes on: what a watcher sees of its probes, second by
// second, and how long it has been lost. Internal to report/.
#pragma once
#include <deque>
#include <optional>
#include <string>
#include <vector>

#include "measure/tracker.hpp"
#include "plan/plan.hpp"

namespace muster::report {

class LivePulse {
 public:
  explicit LivePulse(const plan::Service& service);

  void feed(const std::vector<measure::Sample>& samples);

  measure::UpState state(Instant now) const { return tracker_.state(now); }
  /// The latest loss, if there was one; `recovery.hi` is absent while it lasts.
  std::optional<measure::Loss> loss() const;

  /// One sign a second, the newest last, at most `seconds`: its height is the slowest good answer
  /// of that second against the time-out (a tenth of it and less is the lowest), `x` a second with
  /// a bad one, a blank one without probes.
  std::string drawn(int seconds, bool unicode) const;

 private:
  struct Second {
    std::int64_t number = 0;
    bool bad = false;
    Duration slowest{};
  };
  static constexpr std::size_t kSecondsMax = 120;

  Duration timeout_;
  measure::InOrder order_;
  measure::ServiceTracker tracker_;
  std::deque<Second> seconds_;
};

}  // namespace muster::report
