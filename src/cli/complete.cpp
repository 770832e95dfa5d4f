#include "cli/complete.hpp"

#include <algorithm>
#include <filesystem>
#include <set>

#include "adapters/sqlite/state_folder.hpp"
#include "cli/record.hpp"
#include "cli/schemas.hpp"
#include "model/with_shapes.hpp"
#include "report/edition.hpp"
#include "schedule/zone.hpp"

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

/// The words before the one that is being typed.
struct Before {
  const CommandNode* node = nullptr;
  std::vector<std::string> given;  // positionals of that command
  const Flag* open = nullptr;      // the option whose value is being typed
  Where where;
};

Before taken_apart(const CommandNode& tree, std::span<const std::string> words, Where where) {
  Before before{&tree, {}, nullptr, std::move(where)};
  for (std::size_t i = 0; i < words.size(); ++i) {
    const auto& word = words[i];
    if (const auto* flag = flag_named(*before.node, word)) {
      if (flag->value.empty()) continue;
      if (i + 1 < words.size() && words[i + 1] == "=") ++i;  // a word of its own, says bash
      if (++i >= words.size())
        before.open = flag;
      else if (word == "-C" || word == "--workspace")
        before.where.workspace = words[i];
      continue;
    }
    const auto below = std::ranges::find_if(
        before.node->commands, [&](const CommandNode& c) { return c.path.back() == word; });
    if (below != before.node->commands.end()) {
      before.node = &*below;
      before.given.clear();
    } else {
      before.given.push_back(word);
    }
  }
  return before;
}

/// The plan as it is now, for `--plan`: what it guards against is a change after this.
std::vector<std::string> plan_hash(const fs::path& workspace, const Before& before) {
  if (before.given.empty()) return {};
  const auto plan = load_plan(workspace, before.given.front());
  if (!plan) return {};
  return {hex(plan::content_hash(*plan)).substr(0, 16)};
}

/// What a positional or an option's value can be; empty when nothing is known.
std::vector<std::string> values_of(std::string_view name, const Before& before) {
  if (name == "SHELL") return {kShells.begin(), kShells.end()};
  if (name == "WHAT") return {"down", "up", "status"};
  if (name == "KIND") return schema_words();
  if (name == "NAME" && before.given.size() == 1)
    return before.given.front() == "fault"     ? model::fault_names()
           : before.given.front() == "restore" ? model::restore_names()
                                               : std::vector<std::string>{};
  if (name == "--timezone") return schedule::zone_names();
  if (name == "--edition")
    return {std::string{report::name_of(report::Edition::full)},
            std::string{report::name_of(report::Edition::participant)},
            std::string{report::name_of(report::Edition::redacted)}};
  const auto workspace = find_workspace(before.where);
  if (!workspace) return {};
  if (name == "DRILL") return file_names(*workspace / "drills");
  if (name == "RUN") return run_names(*workspace);
  if (name == "--plan") return plan_hash(*workspace, before);
  return {};
}

std::vector<std::string> options_of(const CommandNode& node, bool long_ones_only) {
  std::vector<std::string> all;
  for (const auto& flag : node.flags)
    for (const auto& name : flag.names)
      if (name.starts_with("--") || !long_ones_only) all.push_back(name);
  all.push_back("--help");
  return all;
}

std::vector<std::string> words_of(const Before& before) {
  std::vector<std::string> all;
  for (const auto& command : before.node->commands) all.push_back(command.path.back());
  const auto& positionals = before.node->positionals;
  if (positionals.empty()) return all;
  const auto at = std::min(before.given.size(), positionals.size() - 1);
  if (before.given.size() > at && !positionals[at].many) return all;
  for (auto& value : values_of(positionals[at].name, before)) all.push_back(std::move(value));
  return all;
}

}  // namespace

std::vector<std::string> completions(const CommandNode& tree, std::span<const std::string> words,
                                     Where where) {
  std::string last = words.empty() ? "" : words.back();
  const auto before =
      taken_apart(tree, words.first(words.empty() ? 0 : words.size() - 1), std::move(where));
  if (before.open && last == "=") last.clear();
  std::vector<std::string> all = before.open ? values_of(before.open->names.back(), before)
                                 : last.starts_with('-') ? options_of(*before.node, last.size() > 1)
                                                         : words_of(before);
  std::erase_if(all, [&](const std::string& one) { return !one.starts_with(last); });
  return all;
}

}  // namespace muster::cli
