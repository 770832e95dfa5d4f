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
  std::set<std::string> rows;   ///< of persons whom nothing else names
  std::uint64_t entries = 0;    ///< that are there; none: it was carried out earlier
  std::size_t blobs_there = 0;  ///< of the blobs: `blobs` holds all that may be one's name
};

/// Reads every run's log once. A run whose log is not what the workspace's log says is not removed:
/// it goes from the plan's removals to those that are kept.
Result<std::vector<PreparedRemoval>> prepare(Session& session, const WorkspaceTrail& trail,
                                             journal::RetentionPlan& plan);

/// An error: one of them only goes on with a declaration that nobody had signed when `trail` was
/// read, and the rules of `now` would not have it go: so anybody could have written it.
Result<> check_unsigned(Session& session, const WorkspaceTrail& trail,
                        const journal::RetentionRule& rule, WallTime now,
                        const std::vector<PreparedRemoval>& removals);

/// An error before anything was declared when the record cannot be signed, and before anything was
/// removed when the declarations could not.
Result<> carry_out(Session& session, const std::vector<PreparedRemoval>& removals);

}  // namespace muster::cli
