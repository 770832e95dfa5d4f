// What the scheduler tells people: drills that are going to run, and drills that should have passed
// and have not. Pure.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "notify/notice.hpp"

namespace muster::notify {

/// One occurrence of a drill's schedule: (schedule, nominal local time) is unique.
struct Occurrence {
  std::string drill, title, owner;
  std::vector<std::string> environments;
  std::string nominal;  ///< The local wall time that is in the schedule, with its zone's name.
  WallTime at{};        ///< The same in UTC.
};

/// Names the announcement `ahead` of it, now and after a restart.
std::string announcement_id(const std::string& drill, const std::string& nominal, Duration ahead);
Notice announcement(const Occurrence& occurrence, Duration ahead, WallTime now);

/// A drill that has become overdue.
struct Lapse {
  std::string drill, title, owner;
  std::vector<std::string> environments;
  std::string what;               ///< "overdue since 2027-04-08 00:00 +02:00 Europe/Berlin (…)".
  std::string due;                ///< What its file says: "every quarter, grace 7d, …".
  std::optional<WallTime> since;  ///< Nothing: it never passed.
  std::optional<WallTime> last_tested, last_passed;
};
/// Its id names the lapse, so that one is told once: a pass and a new lapse have another one.
Notice lapse_notice(const Lapse& lapse, WallTime now);

}  // namespace muster::notify
