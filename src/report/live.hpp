// What stands at the bottom of a terminal while a run goes on: a fold of its entries and its
// probes' samples, drawn for one moment and one size of screen. Pure; who paints it is cli/. Text
// of targets and people has no control characters in it.
#pragma once
#include <map>
#include <string>
#include <vector>

#include "journal/run_state.hpp"
#include "plan/plan.hpp"
#include "report/live_pulse.hpp"

namespace muster::report {

struct Screen {
  int columns = 80;
  int rows = 24;
  bool colour = false;  // a second sign only: words and marks say the same
  bool unicode = true;
};
/// Below these a block helps nobody: plain lines then.
inline constexpr int kScreenColumnsMin = 30;
inline constexpr int kScreenRowsMin = 8;

class Live {
 public:
  /// The plan must outlive it.
  explicit Live(const plan::Plan& plan);

  void seen(const journal::Draft& draft);
  void sampled(const std::string& service, const std::vector<measure::Sample>& samples);

  /// The block as of `now`: at most half of the screen's rows, no line wider than the screen. In
  /// this order, and cut from its end: where the run is; what waits for whom; the services with
  /// their clocks; the running steps; what is broken now.
  std::vector<std::string> block(Instant now, WallTime wall, const Screen& screen) const;

 private:
  struct Drawing;
  /// Since when the clock of a service's RTO runs.
  std::optional<Instant> clock_start(const plan::Objective& objective,
                                     const LivePulse& pulse) const;
  std::string phase() const;

  const plan::Plan& plan_;
  journal::RunState state_;
  std::map<std::string, LivePulse> pulses_;
};

}  // namespace muster::report
