// What `muster schedule` prints: for people, and as JSON. Pure.
#pragma once
#include <string>

#include "base/json.hpp"
#include "schedule/timetable.hpp"

namespace muster::cli {

/// One occurrence: local time, zone and UTC; what the clock does to it; what stands in the way.
std::string occurrence_text(const schedule::Occurrence& occurrence, const schedule::Zone& zone,
                            const schedule::Freezes& freezes, WallTime now);
Json occurrence_json(const schedule::Occurrence& occurrence, const schedule::Zone& zone,
                     const schedule::Freezes& freezes, WallTime now);

/// What stands in the way of it; empty: nothing does.
std::string in_the_way(const schedule::Occurrence& occurrence, const schedule::Zone& zone,
                       const schedule::Freezes& freezes, WallTime now);

/// "ok", "due", "overdue"
std::string_view name_of(schedule::DueState::Is is);
/// "overdue since 2027-04-08 00:00 +02:00 Europe/Berlin (quarter 2027-Q1)"
std::string due_text(const schedule::DueState& state, const schedule::Zone& zone);
Json due_json(const schedule::DueState& state);

/// Every key of a schedule as it counts, one a line.
std::string schedule_text(const schedule::Schedule& schedule);

}  // namespace muster::cli
