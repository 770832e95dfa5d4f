// Completion for the shells: their scripts only ask `muster complete`, which knows the command line
// and the workspace.
#pragma once
#include <span>
#include <string>
#include <vector>

#include "cli/command_tree.hpp"
#include "cli/workspace.hpp"

namespace muster::cli {

/// What a positional of this name can be: drills, runs, hosts… of the workspace; empty when nothing
/// is known. Never an error: the person is still typing.
std::vector<std::string> values_of(const std::string& positional, const Where& where);

/// What the last of `words` (perhaps empty, still being typed) may become. `words` are those after
/// `muster`.
std::vector<std::string> completions(const CommandNode& tree, std::span<const std::string> words,
                                     Where where);

}  // namespace muster::cli
