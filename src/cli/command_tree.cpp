#include "cli/command_tree.hpp"

#include <algorithm>

namespace muster::cli {

namespace {

CommandNode node_of(const CLI::App& app, std::vector<std::string> path) {
  CommandNode node;
  node.path = std::move(path);
  node.help = app.get_description();
  for (const auto* option : app.get_options()) {
    if (option->get_positional()) {
      node.positionals.push_back({option->get_name(true), option->get_description(),
                                  option->get_required(), option->get_expected_max() > 1});
      continue;
    }
    Flag flag;
    for (const auto& name : option->get_snames()) flag.names.push_back("-" + name);
    for (const auto& name : option->get_lnames()) flag.names.push_back("--" + name);
    if (option == app.get_help_ptr() || flag.names.empty()) continue;
    if (option->get_items_expected_max() > 0)
      flag.value = option->get_type_name() == "TEXT" ? "VALUE" : option->get_type_name();
    flag.help = option->get_description();
    node.flags.push_back(std::move(flag));
  }
  for (const auto* command : app.get_subcommands([](const CLI::App*) { return true; })) {
    if (command->get_group().empty()) continue;
    auto below = node.path;
    below.push_back(command->get_name());
    node.commands.push_back(node_of(*command, std::move(below)));
  }
  return node;
}

}  // namespace

const Flag* flag_named(const CommandNode& node, std::string_view name) {
  for (const auto& flag : node.flags)
    if (std::ranges::find(flag.names, name) != flag.names.end()) return &flag;
  return nullptr;
}

CommandNode tree_of(const CLI::App& app) {
  return node_of(app, {});
}

}  // namespace muster::cli
