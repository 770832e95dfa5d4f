// A run whose record cannot be read any more, and the person who ends it all the same.
#pragma once
#include <string>

#include "cli/session.hpp"

namespace muster::cli {

/// Closes `run` on the word of whoever runs this process: what it left on its hosts is seen to.
/// Refused when its record can be read, since `muster recover` proves more than anybody's word.
/// Returns the exit code.
int recover_lost(Session& session, const std::string& run, const std::string& reason, bool json);

}  // namespace muster::cli
