#include "cli/timetables.hpp"

#include <fmt/format.h>

#include "cli/calendar_files.hpp"
#include "cli/exit.hpp"
#include "cli/terminal.hpp"
#include "cli/zone_check.hpp"

namespace muster::cli {

namespace {

void complain_of(const config::Diagnostics& diagnostics) {
  fmt::print(stderr, "{}", config::render(diagnostics));
  fmt::print(stderr, "muster: {} error{} in the workspace's files\n", diagnostics.count(),
             diagnostics.count() == 1 ? "" : "s");
}

DrillTimes times_of(const std::filesystem::path& workspace, const model::Drill& drill,
                    const model::Inventory& inventory, const model::Calendars& calendars,
                    config::Diagnostics& out) {
  DrillTimes one;
  one.title = drill.title.empty() ? *drill.name : drill.title;
  one.why = drill.why;
  one.owner = drill.owner;
  const auto& most = drill.guardrails.max_duration;
  one.longest = most ? **most : Duration{std::chrono::hours{1}};
  one.table = schedule::timetable(drill, inventory, calendars, out);
  one.freezes = schedule::Freezes{read_calendar_files(workspace, one.table.calendars)};
  return one;
}

}  // namespace

std::optional<std::vector<DrillTimes>> load_drill_times(const std::filesystem::path& workspace,
                                                        const std::string& drill) {
  config::Diagnostics out;
  std::vector<DrillTimes> all;
  if (drill.empty()) {
    const auto loaded = model::load_workspace(workspace, out);
    for (const auto& one : loaded.drills)
      all.push_back(times_of(workspace, one, loaded.inventory, loaded.calendars, out));
  } else if (const auto loaded = model::load_drill(workspace, drill, out)) {
    all.push_back(times_of(workspace, loaded->drill, loaded->inventory, loaded->calendars, out));
  }
  if (!out.empty()) {
    complain_of(out);
    return std::nullopt;
  }
  std::vector<schedule::Zone> zones;
  for (const auto& one : all) {
    if (one.table.schedule) zones.push_back(one.table.schedule->zone());
    if (one.table.due) zones.push_back(one.table.due->zone());
  }
  if (const auto checked = check_zones_against_libc(zones); !checked) {
    complain(checked.error(), kFail);
    return std::nullopt;
  }
  return all;
}

TestsByDrill tests_of(const std::vector<RunRow>& runs) {
  TestsByDrill tests;
  for (const auto& run : runs) {
    if (!run.closed) continue;
    if (run.result == "PASS" || run.result == "FAIL" || run.result == "INCONCLUSIVE")
      tests[run.drill].push_back({run.opened, run.result == "PASS" && run.state != "dirty"});
  }
  return tests;
}

Result<TestsByDrill> load_tests(const std::filesystem::path& workspace) {
  auto session = Session::open_to_read(workspace);
  if (!session) return session.error();
  const auto rows = list_runs(**session);
  if (!rows) return rows.error();
  return tests_of(*rows);
}

}  // namespace muster::cli
