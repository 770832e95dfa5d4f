#include "cli/freeze_gate.hpp"

#include <fmt/format.h>

#include "cli/exit.hpp"
#include "cli/terminal.hpp"
#include "cli/timetables.hpp"

namespace muster::cli {

int stopped_by_freeze(const std::filesystem::path& workspace, const std::string& drill) {
  const auto drills = load_drill_times(workspace, drill);
  if (!drills) return kUsage;
  const auto& one = drills->front();
  const auto now = std::chrono::time_point_cast<Duration>(std::chrono::system_clock::now());
  const auto& plan = one.table.schedule;
  const auto frozen = one.freezes.frozen_at(now, now, plan ? plan->zone() : schedule::Zone::utc());
  if (!frozen) return kOk;
  return complain(Error{"frozen, nothing was begun: " + frozen->what,
                        "wait for its end, mend the calendar, or let the drill's file say "
                        "`schedule: {freeze: none, …}`"},
                  kNotRun);
}

}  // namespace muster::cli
