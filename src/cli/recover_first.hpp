// What earlier processes left behind is brought to its end before anything new begins.
#pragma once
#include <string>
#include <vector>

#include "cli/runner.hpp"

namespace muster::cli {

/// Says what it does. Gives the runs of which something is not proven undone even then, also those
/// that could not be recovered. An error: which there are is not known. Ends after the run that
/// goes on when options.stop_asked: the caller must ask as well.
Result<std::vector<std::string>> recover_first(Session& session, RunOptions options);

/// A run of this workspace was not brought to its end, or left something that is not proven undone.
bool needs_recovery(Session& session);

}  // namespace muster::cli
