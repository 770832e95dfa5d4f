#include "model/command.hpp"

#include <array>

namespace muster::model {
namespace {

constexpr std::string_view kInsideShell =
    "pass it as an argument: [sh, -c, 'cmd \"$1\"', sh, \"${…}\"]";

/// `sh -c LINE …`: LINE is parsed by a shell, so nothing may be inserted in it.
void refuse_references_in_shell_lines(const Command& command, Diagnostics& out) {
  constexpr std::array<std::string_view, 5> kShells{"sh", "bash", "dash", "/bin/sh", "/bin/bash"};
  bool shell = false;
  for (std::size_t i = 0; i + 1 < command.argv.size(); ++i) {
    const auto word = command.argv[i].written();
    for (const auto name : kShells) shell = shell || word == name;
    const bool takes_line =
        word.size() >= 2 && word[0] == '-' && word[1] != '-' && word.back() == 'c';
    if (!shell || !takes_line) continue;
    for (const auto* reference : command.argv[i + 1].references())
      out.error(reference->place, "`" + to_string(*reference) + "` inside a line for a shell",
                std::string{kInsideShell});
  }
}

}  // namespace

Command parse_command(const config::Node& node, Diagnostics& out) {
  Command command;
  command.place = node.place;
  if (node.is_scalar()) {
    command.shell = true;
    command.argv = {Text{"sh"}, Text{"-c"}, parse_text(node, out)};
  } else if (node.is_sequence()) {
    for (const auto& item : node.items) command.argv.push_back(parse_text(item, out));
  } else {
    out.error(node.place, "expected a command, found " + config::description(node),
              "write [program, argument, …]");
    return command;
  }
  if (command.argv.empty() || command.argv.front().parts.empty() ||
      (command.shell && command.argv.back().parts.empty()))
    out.error(node.place, "an empty command", "write [program, argument, …]");
  refuse_references_in_shell_lines(command, out);
  return command;
}

}  // namespace muster::model
