// Drills that have become overdue since somebody looked: for those who are told of it. Pure: the
// files' `due`, the log's fold and the time. That a lapse is told once, whatever restarts, is the
// outbox's business (notify/of_schedule.hpp); this one knows only its own process.
#pragma once
#include <map>
#include <string>
#include <vector>

#include "schedule/timetable.hpp"
#include "scheduler/standing.hpp"

namespace muster::scheduler {

using Timetables = std::map<std::string, schedule::Timetable>;

struct Overdue {
  std::string drill;
  schedule::DueState state;  ///< is overdue
};

/// Every drill that is overdue now, in the order of their names.
std::vector<Overdue> overdue(const Timetables& tables, const Standing& standing, WallTime now);

class OverdueWatch {
 public:
  /// Those that were not overdue, or for another reason, when it was looked at last. It looks only
  /// when the time of one has come, so that thousands that wait cost nothing.
  std::vector<Overdue> look(const Timetables& tables, const Standing& standing, WallTime now);
  /// Files, runs or the wall clock changed: it looks at all of them again.
  void touch() { look_at_ = WallTime::min(); }

 private:
  WallTime look_at_ = WallTime::min();
  std::map<std::string, std::optional<WallTime>> said_;  ///< since when, by drill
};

}  // namespace muster::scheduler
