// The runs of the workspace, as its log tells them, and for those of before it held a summary of
// each, as their records do.
#pragma once
#include <string>

#include "cli/record.hpp"
#include "history/runs.hpp"

namespace muster::cli {

Result<history::Runs> past_runs(Session& session);

/// Reads the records of runs that have no summary: the newest `kRecordsReadMax` of those that fit
/// the drill ("": any). One that cannot be read stays without.
inline constexpr std::size_t kRecordsReadMax = 100;
void fill_in(Session& session, history::Runs& runs, const std::string& drill);

/// "2026-01-31", "2026-01-31T08:00:00Z", or "90d": so long before now.
Result<WallTime> moment_of(const std::string& text, WallTime now);

/// {run, drill, started, by, result, state, …}: one run as commands with --json write it.
Json as_json(const history::Run& run);
Json as_json(const history::Objective& objective);

}  // namespace muster::cli
