#include "history/metrics.hpp"

#include <algorithm>
#include <map>
#include <tuple>

#include "history/exposition.hpp"

namespace muster::history {
namespace {

struct DrillFigures {
  std::map<std::pair<std::string, std::string>, std::uint64_t> runs;  ///< by result and state
  const Run* tested = nullptr;
  const Run* passed = nullptr;
  const Run* measured = nullptr;  ///< the newest test with a summary
};

using Drills = std::map<std::string, DrillFigures>;

Drills drills_of(const std::vector<Run>& runs) {
  Drills out;
  for (const auto& run : runs) {
    auto& drill = out[run.drill];
    if (!run.closed) continue;
    ++drill.runs[{run.result, run.state}];
    if (run.is_test()) drill.tested = &run;
    if (run.passed()) drill.passed = &run;
    if (run.is_test() && run.summarised) drill.measured = &run;
  }
  return out;
}

void of_runs(Exposition& out, const Drills& drills) {
  out.family("muster_runs_total", "counter", "Runs that are over, by result and final state.");
  for (const auto& [name, drill] : drills)
    for (const auto& [how, count] : drill.runs)
      out.sample({{"drill", name}, {"result", how.first}, {"state", how.second}}, count);
  out.family("muster_drill_last_tested_timestamp_seconds", "gauge",
             "When the newest run that tested something (PASS, FAIL, INCONCLUSIVE) was opened.");
  for (const auto& [name, drill] : drills)
    if (drill.tested) out.timestamp({{"drill", name}}, drill.tested->opened);
  out.family("muster_drill_last_passed_timestamp_seconds", "gauge",
             "When the newest run that passed, with everything undone, was opened.");
  for (const auto& [name, drill] : drills)
    if (drill.passed) out.timestamp({{"drill", name}}, drill.passed->opened);
  out.family("muster_drill_last_test_passed", "gauge",
             "1 when the newest run that tested something passed, with everything undone.");
  for (const auto& [name, drill] : drills)
    if (drill.tested) out.sample({{"drill", name}}, drill.tested->passed() ? 1 : 0);
}

template <class Fn>
void each_objective(const Drills& drills, Fn fn) {
  for (const auto& [name, drill] : drills)
    if (drill.measured)
      for (const auto& o : drill.measured->objectives)
        fn(Labels{{"drill", name}, {"objective", o.kind}, {"service", o.service}}, o);
}

Labels with_bound(Labels labels, std::string bound) {
  labels.emplace_back("bound", std::move(bound));
  return labels;
}

void of_objectives(Exposition& out, const Drills& drills) {
  out.family("muster_objective_met", "gauge",
             "1 when the newest test met this objective as a whole; straddling it is 0.");
  each_objective(drills, [&](const Labels& labels, const Objective& o) {
    out.sample(labels, o.met == "yes" ? 1 : 0);
  });
  out.family("muster_objective_limit_seconds", "gauge", "What the objective allows.");
  each_objective(drills, [&](const Labels& labels, const Objective& o) {
    if (o.limit) out.seconds(labels, *o.limit);
  });
  out.family("muster_objective_actual_seconds", "gauge",
             "What the newest test measured: both ends of the interval; no upper: not known.");
  each_objective(drills, [&](const Labels& labels, const Objective& o) {
    if (!o.actual) return;
    out.seconds(with_bound(labels, "lower"), o.actual->lo);
    if (o.actual->hi) out.seconds(with_bound(labels, "upper"), *o.actual->hi);
  });
  out.family("muster_objective_lost_writes", "gauge",
             "Acknowledged writes that the newest test lost.");
  each_objective(drills, [&](const Labels& labels, const Objective& o) {
    if (o.lost) out.sample(labels, *o.lost);
  });
}

void of_workspace(Exposition& out, const std::vector<Run>& runs, const Measured& m) {
  const auto count = [&](auto fits) {
    return static_cast<std::uint64_t>(std::count_if(runs.begin(), runs.end(), fits));
  };
  out.family("muster_runs_open", "gauge", "Runs that are not closed: going on, or dead.");
  out.sample({}, count([](const Run& r) { return !r.closed; }));
  out.family("muster_runs_dirty", "gauge", "Runs that are not proven undone.");
  out.sample({}, count([](const Run& r) { return r.state == "dirty"; }));
  out.family("muster_effects_live", "gauge",
             "Effects that may be on a host now, of runs that are open or dirty.");
  out.sample({}, m.live_effects);
  std::uint64_t entries = m.workspace_entries;
  for (const auto& run : runs) entries += run.removed ? 0 : run.entries;
  out.family("muster_record_entries", "gauge",
             "Entries of the workspace's log and of all runs that are closed.");
  out.sample({}, entries);
  out.family("muster_record_unsigned_entries", "gauge",
             "Entries of the workspace's log that no checkpoint covers.");
  out.sample({}, m.unsigned_entries);
  out.family("muster_record_last_checkpoint_timestamp_seconds", "gauge",
             "When the workspace's log was signed last.");
  if (m.last_checkpoint) out.timestamp({}, *m.last_checkpoint);
  out.family("muster_store_bytes", "gauge", "Size of the store's files.");
  if (m.store_bytes > 0) out.sample({}, m.store_bytes);
}

}  // namespace

std::string metrics_text(const std::vector<Run>& runs, const Measured& measured) {
  auto drills = drills_of(runs);
  const auto all = drills.size();
  while (drills.size() > kDrillsMax) drills.erase(std::prev(drills.end()));
  Exposition out;
  out.family("muster_build_info", "gauge", "The muster that wrote this.");
  out.sample({{"version", measured.version}}, 1);
  of_runs(out, drills);
  of_objectives(out, drills);
  out.family("muster_drill_overdue", "gauge",
             "1 when the drill has not passed within the time that it says, grace included.");
  for (const auto& [drill, overdue] : measured.overdue)
    if (drills.contains(drill)) out.sample({{"drill", drill}}, overdue ? 1 : 0);
  out.family("muster_drills_left_out", "gauge", "Drills that got no series of their own.");
  out.sample({}, all - drills.size());
  of_workspace(out, runs, measured);
  return std::move(out).text();
}

}  // namespace muster::history
