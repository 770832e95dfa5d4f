// Completion for the shells: their scripts only ask `muster complete`, which knows the command line
// and the workspace.
#pragma once
#include <array>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "cli/command_tree.hpp"
#include "cli/workspace.hpp"

namespace muster::cli {

/// The shells that it is for.
inline constexpr std::array<std::string_view, 3> kShells{"bash", "zsh", "fish"};

/// What the last of `words` (perhaps empty, still being typed) may become: commands, options, and
/// what the workspace has of drills, runs, plans. `words` are those after `muster`. Nothing where
/// only the shell knows more (files). Never an error: the person is still typing.
std::vector<std::string> completions(const CommandNode& tree, std::span<const std::string> words,
                                     Where where);

}  // namespace muster::cli
