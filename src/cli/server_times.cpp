// What a server tells of its drills' times: the same as `muster schedule` of files and record.
#include <fmt/format.h>

#include "cli/schedule_rows.hpp"
#include "cli/server.hpp"

namespace muster::cli {

Json Server::times_of(const std::string& drill, const schedule::Freezes& freezes,
                      const api::TimesRequest& wanted) const {
  const auto& of = standing_.of(drill);
  const auto times = drill_times(*library_.drill(drill), library_.tables().at(drill), freezes);
  const DrillPast past{of.tests, of.hold};
  const auto now = wanted.at.value_or(wall());
  Json out = wanted.drill.empty() ? times_row(times, past, now)
                                  : times_in_full(times, past, now, wanted.count);
  if (const auto waits = waiting_.find(drill); waits != waiting_.end())
    out["waits"] = waits->second;
  if (of.missed_at)
    out["missed"] = {
        {"count", of.missed}, {"at", format_utc(*of.missed_at)}, {"why", of.missed_why}};
  return out;
}

Result<Json> Server::times(const api::TimesRequest& wanted) const {
  if (!wanted.drill.empty()) {
    if (library_.has(wanted.drill))
      return times_of(wanted.drill, library_.freezes_of(wanted.drill), wanted);
    return Error{fmt::format("there is no drill '{}'", wanted.drill),
                 "`muster schedule list` names them"};
  }
  // Their calendars are in memory: reading them anew for thousands of drills would hold up others.
  std::map<std::string, const schedule::Freezes*> known;
  for (const auto& job : decider_->jobs()) known[job.schedule.drill()] = &job.freezes;
  Json rows = Json::array();
  for (const auto& [drill, table] : library_.tables()) {
    const auto freezes = known.find(drill);
    rows.push_back(
        times_of(drill, freezes == known.end() ? schedule::Freezes{} : *freezes->second, wanted));
  }
  return rows;
}

}  // namespace muster::cli
