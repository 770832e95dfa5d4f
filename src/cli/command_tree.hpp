// The command line as data, read from CLI11's own definition: what the man page and the shells'
// completions are made of, so that neither can drift from what the program takes.
#pragma once
#include <CLI/CLI.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace muster::cli {

struct Flag {
  std::vector<std::string> names;  // "-C", "--workspace"
  std::string value;               // "DIR"; empty: takes none
  std::string help;
};

struct Positional {
  std::string name;  // "DRILL"
  std::string help;
  bool required = false;
  bool many = false;
};

struct CommandNode {
  std::vector<std::string> path;  // {"step", "answer"}; empty: muster itself
  std::string help;
  std::vector<Flag> flags;
  std::vector<Positional> positionals;
  std::vector<CommandNode> commands;
};

/// The option of that name, with its dashes; nullptr when there is none.
const Flag* flag_named(const CommandNode& node, std::string_view name);

/// Commands in the group "" (hidden) are left out, and so are --help flags.
CommandNode tree_of(const CLI::App& app);

}  // namespace muster::cli
