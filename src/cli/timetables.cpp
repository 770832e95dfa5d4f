#include "cli/timetables.hpp"

#include <fmt/format.h>

#include "cli/calendar_files.hpp"
#include "cli/entries.hpp"
#include "cli/exit.hpp"
#include "cli/terminal.hpp"
#include "cli/zone_check.hpp"
#include "journal/logs.hpp"

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
  auto table = schedule::timetable(drill, inventory, calendars, out);
  schedule::Freezes freezes{read_calendar_files(workspace, table.calendars)};
  return drill_times(drill, std::move(table), std::move(freezes));
}

}  // namespace

DrillTimes drill_times(const model::Drill& drill, schedule::Timetable table,
                       schedule::Freezes freezes) {
  DrillTimes one;
  one.title = drill.title.empty() ? *drill.name : drill.title;
  one.why = drill.why;
  one.owner = drill.owner;
  const auto& most = drill.guardrails.max_duration;
  one.longest = most ? **most : Duration{std::chrono::hours{1}};
  one.table = std::move(table);
  one.freezes = std::move(freezes);
  return one;
}

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

Result<PastByDrill> load_past(const std::filesystem::path& workspace) {
  auto session = Session::open_to_read(workspace);
  if (!session) return session.error();
  std::vector<RunRow> runs;
  scheduler::Standing standing;
  std::optional<Error> wrong;
  const auto read = each_entry(**session, journal::kWorkspaceLog, [&](const auto& stored) {
    const auto entry = journal::read_entry(stored);
    if (!entry) {
      wrong = entry.error();
      return;
    }
    add_run_row(runs, *entry);
    scheduler::apply(standing, *entry);
  });
  if (!read) return read.error();
  if (wrong) return *wrong;
  PastByDrill past;
  for (const auto& run : runs)
    if (run.closed &&
        (run.result == "PASS" || run.result == "FAIL" || run.result == "INCONCLUSIVE"))
      past[run.drill].tests.push_back({run.opened, run.result == "PASS" && run.state != "dirty"});
  for (const auto& [drill, of] : standing.drills)
    if (of.hold) past[drill].hold = of.hold;
  return past;
}

}  // namespace muster::cli
