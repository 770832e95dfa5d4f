#include "cli/complete.hpp"

#include <algorithm>
#include <filesystem>
#include <set>

#include "adapters/sqlite/state_folder.hpp"
#include "cli/record.hpp"

namespace muster::cli {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t kFilesMax = 1000;

/// The names of the YAML files of a folder: by convention those of the drills in them.
std::vector<std::string> file_names(const fs::path& folder) {
  std::set<std::string> out;
  std::error_code failed;
  for (fs::directory_iterator at{folder, failed}, end; !failed && at != end; at.increment(failed)) {
    const auto& path = at->path();
    if ((path.extension() == ".yaml" || path.extension() == ".yml") && out.size() < kFilesMax)
      out.insert(path.stem().string());
  }
  return {out.begin(), out.end()};
}

std::vector<std::string> run_names(const fs::path& workspace) {
  // Never the reason why a store comes into being.
  const auto folder = sqlite::state_folder(workspace, sqlite::surroundings());
  if (!folder || !fs::exists(*folder)) return {};
  auto session = Session::open_to_read(workspace);
  if (!session) return {};
  const auto rows = list_runs(**session);
  if (!rows) return {};
  std::vector<std::string> out;
  for (auto row = rows->rbegin(); row != rows->rend() && out.size() < 50; ++row)
    out.push_back(row->run);
  return out;
}

const Flag* flag_named(const CommandNode& node, const std::string& word) {
  for (const auto& flag : node.flags)
    if (std::ranges::find(flag.names, word) != flag.names.end()) return &flag;
  return nullptr;
}

}  // namespace

std::vector<std::string> values_of(const std::string& positional, const Where& where) {
  const auto workspace = find_workspace(where);
  if (!workspace) return {};
  if (positional == "DRILL") return file_names(*workspace / "drills");
  if (positional == "RUN") return run_names(*workspace);
  return {};
}

std::vector<std::string> completions(const CommandNode& tree, std::span<const std::string> words,
                                     Where where) {
  const CommandNode* node = &tree;
  std::size_t positional = 0;
  const std::string last = words.empty() ? "" : words.back();
  for (std::size_t i = 0; i + 1 < words.size(); ++i) {
    const auto& word = words[i];
    if (const auto* flag = flag_named(*node, word)) {
      if (flag->value.empty()) continue;
      if (i + 2 == words.size()) return {};  // its value: the shell's own business (files)
      ++i;
      if (word == "-C" || word == "--workspace") where.workspace = words[i];
      continue;
    }
    const auto below = std::ranges::find_if(
        node->commands, [&](const CommandNode& c) { return c.path.back() == word; });
    if (below != node->commands.end()) {
      node = &*below;
      positional = 0;
    } else {
      ++positional;
    }
  }
  std::vector<std::string> all;
  if (last.starts_with('-')) {
    for (const auto& flag : node->flags)
      for (const auto& name : flag.names)
        if (name.starts_with("--") || last.size() < 2) all.push_back(name);
    all.push_back("--help");
  } else {
    for (const auto& command : node->commands) all.push_back(command.path.back());
    if (!node->positionals.empty()) {
      const auto at = std::min(positional, node->positionals.size() - 1);
      if (positional <= at || node->positionals[at].many)
        for (auto& value : values_of(node->positionals[at].name, where))
          all.push_back(std::move(value));
    }
  }
  std::erase_if(all, [&](const std::string& one) { return !one.starts_with(last); });
  return all;
}

}  // namespace muster::cli
