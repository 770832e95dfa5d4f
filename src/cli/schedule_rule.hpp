// A schedule from the command line: `--rule 'every: quarter, day: 2nd tuesday, at: "10:00"'`.
#pragma once
#include <optional>
#include <string>

#include "schedule/schedule.hpp"

namespace muster::cli {

/// `rule`: the keys of a schedule, as in a drill; its `timezone`, unless the other argument says
/// it. Prints what is wrong to stderr, and gives nothing then.
std::optional<schedule::Schedule> schedule_of_rule(const std::string& rule,
                                                   const std::string& timezone);

}  // namespace muster::cli
