// Hosts of which only so many may be in drills at once: a plan's `keep` and `at_most`, as far as
// they can be told before a run begins. The run itself locks its hosts and counts again
// (engine/limits), whoever hits them; this keeps a drill waiting that would be refused there, or
// would stop another.
#pragma once
#include <cstddef>
#include <string>
#include <vector>

namespace muster::scheduler {

/// One limit of a drill.
struct Share {
  std::string what;                ///< for people: "at_most 1 of rack7"
  std::size_t lost_max = 0;        ///< so many of `hosts` may be in drills at once
  std::vector<std::string> hosts;  ///< who is counted
};

/// What goes on now, whoever started it; or would.
struct Running {
  std::string drill;
  std::vector<std::string> hosts;  ///< that it may work on
  std::vector<Share> shares = {};
};

/// "" or which limit would not hold, were `next` begun beside what runs: one of its own, or one of
/// a run that goes on. Each host of another run counts, and of a drill's own at least one.
std::string exceeded(const Running& next, const std::vector<Running>& running);

}  // namespace muster::scheduler
