// What the scheduler tells people: drills that are going to run. Pure.
#pragma once
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

}  // namespace muster::notify
