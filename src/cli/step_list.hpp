// `muster step list`.
#pragma once
#include <string>

#include "base/json.hpp"
#include "cli/workspace.hpp"

namespace muster::cli {

/// Prints what the run that goes on waits for, and its roles. The exit code.
int list_steps(const Where& where, const std::string& run, bool json);

}  // namespace muster::cli
