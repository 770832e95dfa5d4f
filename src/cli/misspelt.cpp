#include "cli/misspelt.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"

namespace muster::cli {

namespace {

std::string called(const CommandNode& node) {
  return node.path.empty() ? "muster" : "muster " + joined(node.path, " ");
}

std::vector<std::string> names_of(const std::vector<CommandNode>& commands) {
  std::vector<std::string> names;
  for (const auto& one : commands) names.push_back(one.path.back());
  return names;
}

Error no_command(const CommandNode& node, const std::string& word) {
  const auto names = names_of(node.commands);
  const auto near = nearest(word, names);
  auto path = node.path;
  path.push_back(word);
  return {
      fmt::format("there is no command `{}`", joined(path, " ")),
      near.empty() ? "there is: " + joined(names, ", ") : fmt::format("did you mean `{}`?", near)};
}

/// `above` are the commands that lead to `node`.
Error no_option(const CommandNode& node, std::span<const CommandNode* const> above,
                const std::string& word) {
  for (const auto* one : above)
    if (flag_named(*one, word))
      return {fmt::format("`{}` has no option `{}`", called(node), word),
              fmt::format("it stands before the command: {} {} … {}", called(*one), word,
                          node.path.back())};
  std::vector<std::string> names{"--help"};
  for (const auto& flag : node.flags)
    names.insert(names.end(), flag.names.begin(), flag.names.end());
  const auto near = nearest(word, names);
  return {fmt::format("`{}` has no option `{}`", called(node), word),
          near.empty() ? fmt::format("`{} --help` lists them", called(node))
                       : fmt::format("did you mean `{}`?", near)};
}

/// `--output=DIR` and `-oDIR` without what is attached.
std::string option_in(const std::string& word) {
  if (!word.starts_with("--")) return word.substr(0, 2);
  return word.substr(0, word.find('='));
}

}  // namespace

std::optional<Error> wrong_word(const CommandNode& tree, std::span<const std::string> words) {
  const CommandNode* node = &tree;
  std::vector<const CommandNode*> above;
  for (std::size_t i = 0; i < words.size() && words[i] != "--"; ++i) {
    const auto& word = words[i];
    if (word.starts_with('-') && word.size() > 1) {
      const auto option = option_in(word);
      if (option == "-h" || option == "--help") continue;
      const auto* flag = flag_named(*node, option);
      if (!flag) return no_option(*node, above, option);
      if (!flag->value.empty() && option == word) ++i;
    } else if (!node->commands.empty()) {
      const auto below = std::ranges::find_if(
          node->commands, [&](const CommandNode& c) { return c.path.back() == word; });
      if (below == node->commands.end()) return no_command(*node, word);
      above.push_back(node);
      node = &*below;
    }
  }
  if (node->commands.empty()) return std::nullopt;
  return Error{fmt::format("which command of `{}`?", called(*node)),
               "there is: " + joined(names_of(node->commands), ", ")};
}

}  // namespace muster::cli
