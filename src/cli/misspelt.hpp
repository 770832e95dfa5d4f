// Which word of a command line is wrong, and the one that was meant: what the library that reads it
// says of it names neither.
#pragma once
#include <optional>
#include <span>
#include <string>

#include "base/result.hpp"
#include "cli/command_tree.hpp"

namespace muster::cli {

/// `words` are those after `muster`. Nothing when commands and options are right, and something
/// else is wrong.
std::optional<Error> wrong_word(const CommandNode& tree, std::span<const std::string> words);

}  // namespace muster::cli
