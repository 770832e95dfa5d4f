// The figures of a workspace as Prometheus reads them: of drills, of what is live, of the record.
// For `/metrics` of a server, and for node_exporter's textfile collector without one. Pure: a fold
// over the runs, and what the caller has looked up.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "history/runs.hpp"

namespace muster::history {

/// Label values come from files and hosts: so many drills get series of their own, by name; how
/// many do not is a figure too.
inline constexpr std::size_t kDrillsMax = 500;

struct Measured {
  std::string version;           ///< of this binary
  std::size_t live_effects = 0;  ///< that may be on a host now, of runs that are open or dirty
  std::uint64_t workspace_entries = 0;
  std::uint64_t unsigned_entries = 0;  ///< of the workspace's log
  std::optional<WallTime> last_checkpoint;
  std::uint64_t store_bytes = 0;  ///< the files of the store; 0: not known
  /// By drill, for those that say when they are due: whether they are overdue.
  std::vector<std::pair<std::string, bool>> overdue;
};

std::string metrics_text(const std::vector<Run>& runs, const Measured& measured);

}  // namespace muster::history
