// The figures of a workspace, as `muster metrics` and a server's /metrics tell them.
#pragma once
#include <string>

#include "cli/session.hpp"

namespace muster::cli {

/// Reads the workspace's log, and the records of runs that are open or dirty. Waits on the
/// session's loop.
Result<std::string> metrics_of(Session& session);

}  // namespace muster::cli
