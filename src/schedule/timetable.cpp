#include "schedule/timetable.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace muster::schedule {
namespace {

bool binds(const model::Calendar& calendar, const model::Drill& drill,
           const model::Inventory& inventory) {
  for (const auto& fill : drill.fills)
    for (const auto& name : fill.hosts)
      if (const auto* host = inventory.host(name); host && calendar.applies(host->environment))
        return true;
  return false;
}

std::vector<model::Calendar> calendars_of(const model::Drill& drill,
                                          const model::Inventory& inventory,
                                          const model::Calendars& calendars,
                                          model::Diagnostics& out) {
  std::vector<model::Calendar> found;
  if (!drill.schedule || !drill.schedule->freeze) {
    std::copy_if(calendars.all.begin(), calendars.all.end(), std::back_inserter(found),
                 [&](const auto& one) { return binds(one, drill, inventory); });
    return found;
  }
  for (const auto& name : *drill.schedule->freeze)
    if (const auto* calendar = calendars.find(*name))
      found.push_back(*calendar);
    else
      out.unknown(name.place, fmt::format("there is no calendar `{}`", *name), *name,
                  calendars.names());
  return found;
}

}  // namespace

Timetable timetable(const model::Drill& drill, const model::Inventory& inventory,
                    const model::Calendars& calendars, model::Diagnostics& out) {
  Timetable table;
  table.drill = *drill.name;
  if (drill.schedule) table.schedule = Schedule::compile(*drill.name, *drill.schedule, out);
  const auto zone = drill.schedule ? *drill.schedule->timezone : std::string{};
  if (drill.due) table.due = Due::compile(*drill.due, zone, out);
  table.calendars = calendars_of(drill, inventory, calendars, out);
  return table;
}

}  // namespace muster::schedule
