// What was exercised, when last, and how that ended; and what never was. Only what was proven to be
// there counts: a fault that was announced, or could not be proven, exercised nothing. Pure.
#pragma once
#include <string>
#include <vector>

#include "history/runs.hpp"

namespace muster::history {

/// What could be exercised here: of the inventory, the catalogue and the drills.
struct Known {
  std::vector<std::string> drills, hosts, faults, restores, people;
};

struct Covered {
  std::string what;           ///< "pg-1", "node.kill", "ana as dba"
  const Run* last = nullptr;  ///< nullptr: never
  std::string how;            ///< how it ended there: "reverted", "passed"; of a drill or a role ""
  std::size_t times = 0;      ///< runs
};

struct Coverage {
  std::vector<Covered> drills, hosts, faults, restores, roles;
  std::vector<std::string> people_never;  ///< held no role in any run
  std::size_t unread = 0;                 ///< runs of which no summary is known
};

/// Each list by name; what is known and never was has `last` == nullptr. `runs` must outlive it,
/// and are in the order in which they were opened.
Coverage coverage_of(const std::vector<Run>& runs, const Known& known);

}  // namespace muster::history
