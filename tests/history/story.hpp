// Runs to test with, as the workspace's log tells them.
#pragma once
#include <string>

#include "history/runs.hpp"

namespace muster::test {

inline WallTime on_day(int day) {
  return wall_time(1'800'000'000'000'000'000) + day * std::chrono::hours{24};
}

inline history::Objective an_objective(std::int64_t lo_s, std::optional<std::int64_t> hi_s,
                                       std::string met = "yes", std::int64_t limit_s = 900) {
  history::Objective o;
  o.kind = "rto";
  o.service = "orders";
  o.met = std::move(met);
  o.actual = measure::Interval{std::chrono::seconds{lo_s}, std::nullopt};
  if (hi_s) o.actual->hi = std::chrono::seconds{*hi_s};
  o.limit = std::chrono::seconds{limit_s};
  return o;
}

/// Closed on the day on which it was opened; summarised.
inline history::Run a_run(int day, std::string id, std::string drill, std::string result,
                          std::vector<history::Objective> objectives = {}) {
  history::Run run;
  run.id = std::move(id);
  run.drill = std::move(drill);
  run.by = "unix:ana";
  run.opened = on_day(day);
  run.closed = on_day(day);
  run.result = std::move(result);
  run.state = "clean";
  run.entries = 57;
  run.summarised = true;
  run.objectives = std::move(objectives);
  return run;
}

}  // namespace muster::test
