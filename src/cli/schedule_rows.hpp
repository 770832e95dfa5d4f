// What is told of a drill's times, by files and record or by a server: JSON first, of which the
// text for people is made, so that both say the same. Pure.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "base/json.hpp"
#include "cli/timetables.hpp"

namespace muster::cli {

/// Its next time, what is held, what is due: docs/api.md has the fields.
Json times_row(const DrillTimes& times, const DrillPast& past, WallTime now);
/// The same, its rule, its calendars, and its next `count` times.
Json times_in_full(const DrillTimes& times, const DrillPast& past, WallTime now, std::size_t count);
/// The next `count` occurrences.
Json next_times(const schedule::Schedule& plan, const schedule::Freezes& freezes, WallTime now,
                std::size_t count);

// For people, of such JSON. What is missing in it is left out: a server may be older.
std::string rows_head();
std::string row_text(const Json& row);
std::string full_text(const Json& full);
/// "orders: overdue since …; last tested …, last passed …"
std::string overdue_text(const Json& row);
bool is_overdue(const Json& row);

}  // namespace muster::cli
