// The commands that look back over all runs: one function a command, as in commands.hpp.
#pragma once
#include "cli/commands.hpp"

namespace muster::cli {

void add_history(CLI::App& app, Where& where, int& code);
void add_coverage(CLI::App& app, Where& where, int& code);
void add_compliance(CLI::App& app, Where& where, int& code);
void add_metrics(CLI::App& app, Where& where, int& code);

}  // namespace muster::cli
