// All that a drill's file says of time, made ready: its schedule, what is due, and the calendars
// that bind it.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "model/calendars.hpp"
#include "model/drill.hpp"
#include "schedule/due.hpp"
#include "schedule/schedule.hpp"

namespace muster::schedule {

struct Timetable {
  std::string drill;
  std::optional<Schedule> schedule;
  std::optional<Due> due;
  /// Those that `freeze` names; without it those of the environments of the drill's hosts. Also of
  /// a drill without a schedule: they bind it however it is started.
  std::vector<model::Calendar> calendars;
};

/// What is wrong goes to `out`, each with its place; what is wrong is then missing from the value.
Timetable timetable(const model::Drill& drill, const model::Inventory& inventory,
                    const model::Calendars& calendars, model::Diagnostics& out);

}  // namespace muster::schedule
