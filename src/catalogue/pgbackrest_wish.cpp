// The parameters of a pgBackRest restore step, read and checked.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <chrono>

#include "base/text.hpp"
#include "catalogue/pgbackrest_flow.hpp"
#include "catalogue/restore_evidence.hpp"

namespace muster::catalogue::pgbackrest {
namespace {

constexpr std::size_t kMostItems = 50;
constexpr std::array kLevels{"checksum", "structure", "logical"};
constexpr std::string_view kQuery = "query:";

std::vector<std::string> list_of(const Values& values, const std::string& name) {
  std::vector<std::string> items;
  const std::size_t count = std::min<std::size_t>(number_of(values, name + "_count"), kMostItems);
  for (std::size_t i = 0; i < count; ++i)
    items.push_back(value_of(values, fmt::format("{}_{}", name, i)));
  return items;
}

bool truth(const Values& values, const std::string& name) {
  return value_of(values, name) == "true";
}
bool consists_of(std::string_view text, std::string_view more) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [&](unsigned char c) {
    return std::isalnum(c) || more.find(static_cast<char>(c)) != std::string_view::npos;
  });
}

/// In which order levels can run: read-only ones while recovery is paused, then those that write,
/// then the one that needs a stopped server.
int rank(const Level& level) {
  return level.name == "checksum" ? 2 : level.name == "structure" ? 1 : 0;
}

std::string problem_of_level(const std::string& text) {
  if (text.starts_with(kQuery) && !trimmed(std::string_view{text}.substr(kQuery.size())).empty())
    return {};
  if (std::find(kLevels.begin(), kLevels.end(), text) != kLevels.end()) return {};
  const std::vector<std::string> words{"checksum", "structure", "logical", "query"};
  const auto near = nearest(text, words);
  return fmt::format(
      "validate: '{}' is not a level: write checksum, structure, logical or {{query: \"select "
      "…\"}}{}",
      text, near.empty() ? "" : "; did you mean " + near + "?");
}

std::string problem_of_backup(const std::string& text) {
  if (text == "newest" || text == "oldest" || text == "random") return {};
  if (text.size() >= 16 && text.find_first_not_of("0123456789FDI_-") == std::string::npos)
    return {};
  return fmt::format("backups: '{}' is neither newest, oldest, random nor the label of a backup",
                     text);
}

/// "DATABASE USER CIDR [METHOD]", as a line of pg_hba.conf without its first word.
std::string problem_of_allow(const std::string& text) {
  std::vector<std::string> words;
  for (const auto& word : split(text, ' '))
    if (!word.empty()) words.push_back(word);
  const bool shape = words.size() == 4 && consists_of(words[0], "_-,") &&
                     consists_of(words[1], "_-,") && consists_of(words[2], ".:/") &&
                     words[2].find('/') != std::string::npos;
  constexpr std::array kMethods{"scram-sha-256", "md5", "trust", "reject"};
  if (shape && std::find(kMethods.begin(), kMethods.end(), words[3]) != kMethods.end()) return {};
  return fmt::format(
      "allow: '{}' is not 'DATABASE USER NETWORK METHOD', for instance 'orders app 10.0.0.0/8 "
      "scram-sha-256'",
      text);
}

}  // namespace

Wish read_wish(const Values& values) {
  Wish wish;
  wish.stanza = value_of(values, "stanza");
  if (const auto to = parse_target(value_of(values, "to"))) wish.to = *to;
  wish.backups = list_of(values, "backups");
  if (wish.backups.empty()) wish.backups = {"newest"};
  for (const auto& text : list_of(values, "validate"))
    wish.levels.push_back(text.starts_with(kQuery) ? Level{"query", text.substr(kQuery.size())}
                                                   : Level{text, ""});
  if (wish.levels.empty()) wish.levels = {{"logical", ""}};
  std::stable_sort(wish.levels.begin(), wish.levels.end(),
                   [](const Level& a, const Level& b) { return rank(a) < rank(b); });
  wish.freeze = value_of(values, "cutoff") == "start";
  wish.system_id = value_of(values, "system_id");
  if (const auto repo = value_of(values, "repo"); !repo.empty())
    wish.repository = static_cast<std::int64_t>(number_of(values, "repo"));
  wish.control = truth(values, "prove_detects");
  wish.promote = truth(values, "promote");
  wish.keep = truth(values, "keep");
  const auto limit = parse_duration(value_of(values, "limit"));
  wish.limit = limit && *limit > Duration{} ? *limit : std::chrono::hours{4};
  return wish;
}

std::vector<std::string> problems_of(const Values& values, Spelt spelt) {
  std::vector<std::string> problems;
  const auto add = [&](std::string problem) {
    if (!problem.empty()) problems.push_back(std::move(problem));
  };
  // What somebody answered may hold a `${` too: once all is bound it is looked at as any other
  // text.
  const auto is_open = [&](std::string_view text) {
    return spelt == Spelt::planned && text.find("${") != std::string_view::npos;
  };
  const auto expect = [&](const std::string& name, std::string_view characters, const char* what) {
    const auto text = value_of(values, name);
    if (!text.empty() && !is_open(text) && !consists_of(text, characters))
      add(fmt::format("{}: '{}' is not {}", name, text, what));
  };
  expect("stanza", "_.-", "the name of a stanza");
  for (const char* path : {"directory", "config", "bin", "service_config"})
    expect(path, "/_.-", "a path of letters, digits, / . _ -");
  expect("user", "_-", "a user's name");
  // All that comes out of a backup runs as that user; the host looks at the number, too.
  if (value_of(values, "user") == "root")
    add("user: root must not own and run what comes out of a backup");
  expect("superuser", "_-", "a role's name");
  expect("listen", ".:*,_-", "a list of addresses");
  expect("system_id", "", "a system identifier (digits)");
  if (const auto to = value_of(values, "to"); !is_open(to))
    if (const auto target = parse_target(to); !target) add("to: " + to_string(target.error()));
  if (const auto cutoff = value_of(values, "cutoff");
      !cutoff.empty() && !is_open(cutoff) && cutoff != "start")
    add(fmt::format("cutoff: '{}' is not 'start'", cutoff));
  for (const char* name : {"backups", "validate", "allow", "preload"})
    if (number_of(values, std::string{name} + "_count") > kMostItems)
      add(fmt::format("{}: more than {} items", name, kMostItems));
  for (const auto& one : list_of(values, "backups"))
    add(is_open(one) ? "" : problem_of_backup(one));
  for (const auto& one : list_of(values, "validate"))
    add(is_open(one) ? "" : problem_of_level(one));
  for (const auto& one : list_of(values, "allow")) add(is_open(one) ? "" : problem_of_allow(one));
  for (const auto& one : list_of(values, "preload"))
    if (!is_open(one) && !consists_of(one, "_-"))
      add(fmt::format("preload: '{}' is not the name of a library", one));
  if (const auto port = value_of(values, "port"); !port.empty() && !is_open(port))
    if (const auto n = number_of(values, "port"); n == 0 || n > 65535)
      add(fmt::format("port: '{}' is not a port", port));
  const bool leaves = truth(values, "promote") || truth(values, "keep");
  if (truth(values, "prove_detects") && leaves)
    add("prove_detects spoils the copy, which promote or keep leaves in use: prove it in a restore "
        "test of its own");
  if (truth(values, "promote") && list_of(values, "backups").size() > 1)
    add("promote: one backup can be promoted, but 'backups' names several");
  if (truth(values, "promote") && truth(values, "keep"))
    add("keep: a promoted copy stays anyway; leave 'keep' out");
  return problems;
}

}  // namespace muster::catalogue::pgbackrest
