// The part of `muster schedule` that changes something.
#pragma once
#include <CLI/CLI.hpp>

#include "cli/workspace.hpp"

namespace muster::cli {

void add_schedule_hold(CLI::App& group, Where& where, int& code);

}  // namespace muster::cli
