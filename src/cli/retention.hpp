// Carries out a retention plan: what may go is found in the runs' logs, declared in the workspace's
// log, signed, told to witnesses, and then removed, in that order. Whoever dies in between goes on
// with the same command.
#pragma once
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "cli/workspace_trail.hpp"
#include "journal/retention_plan.hpp"

namespace muster::cli {

/// One removal, and the blobs that nothing else of the record cites.
struct PreparedRemoval {
  journal::Removal removal;
  std::set<Digest> blobs;
  std::set<std::string> rows;  ///< of persons whom nothing else names
  std::uint64_t entries = 0;   ///< that are there; none: it was carried out earlier
};

/// Reads every run's log once. A run whose log is not what the workspace's log says is not removed:
/// it goes from the plan's removals to those that are kept.
Result<std::vector<PreparedRemoval>> prepare(Session& session, const WorkspaceTrail& trail,
                                             journal::RetentionPlan& plan);

Result<> carry_out(Session& session, const std::vector<PreparedRemoval>& removals);

}  // namespace muster::cli
