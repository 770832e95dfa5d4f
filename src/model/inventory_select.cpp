// Ansible's patterns of hosts. The rules: ansible-core 2.14, inventory/manager.py.
#include <fmt/format.h>
#include <fnmatch.h>

#include <algorithm>
#include <charconv>
#include <set>
#include <utility>

#include "base/text.hpp"
#include "model/inventory.hpp"

namespace muster::model {
namespace {

constexpr std::size_t kPatternMax = 4096;
constexpr std::size_t kStarsMax = 8;  // each may take the time of the name's length once more

using Matches = std::vector<std::string>;

/// At commas; without any at colons and blanks, but for those in brackets.
Result<std::vector<std::string>> parts_of(std::string_view pattern) {
  std::vector<std::string> parts;
  const bool commas = pattern.find(',') != std::string_view::npos;
  std::string part;
  std::size_t depth = 0;
  for (const char c : pattern) {
    if (!commas && c == '[') ++depth;
    if (!commas && c == ']' && depth-- == 0)
      return Error{
          fmt::format("the pattern '{}' closes a bracket that is not open", bounded(pattern, 80))};
    if (commas ? c == ',' : depth == 0 && (c == ':' || c == ' ' || c == '\t' || c == '\n'))
      parts.push_back(std::exchange(part, {}));
    else
      part += c;
  }
  if (depth != 0)
    return Error{fmt::format("the pattern '{}' leaves a bracket open", bounded(pattern, 80))};
  parts.push_back(part);
  std::vector<std::string> out;
  for (const auto& one : parts)
    if (const auto text = trimmed(one); !text.empty()) out.emplace_back(text);
  return out;
}

struct Subscript {
  std::int64_t from = 0;
  std::optional<std::int64_t> to;  ///< Inclusive; -1: to the end. Nothing: only that one.
};

bool to_number(std::string_view text, std::int64_t& value) {
  const auto [at, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc{} && at == text.data() + text.size();
}

/// Takes `[3]`, `[-1]`, `[1:3]`, `[1:]` off the end; also `[1-3]`, which Ansible reads the same
/// way. Any other bracket is a glob's.
std::optional<Subscript> take_subscript(std::string_view& pattern) {
  const auto open = pattern.rfind('[');
  if (!pattern.ends_with(']') || open == std::string_view::npos || open == 0) return std::nullopt;
  const auto inner = pattern.substr(open + 1, pattern.size() - open - 2);
  const auto colon = inner.find_first_of(":-", 1);
  Subscript out;
  if (colon == std::string_view::npos) {
    if (!to_number(inner, out.from)) return std::nullopt;
  } else {
    const auto to = inner.substr(colon + 1);
    out.to = -1;
    if (!to_number(inner.substr(0, colon), out.from) || out.from < 0 ||
        (!to.empty() && (!to_number(to, *out.to) || *out.to < 0)))
      return std::nullopt;
    if (*out.to == 0) out.to.reset();  // Ansible takes [2:0] for [2]
  }
  pattern = pattern.substr(0, open);
  return out;
}

Result<Matches> cut(const Matches& hosts, const Subscript& by, std::string_view pattern) {
  const auto size = static_cast<std::int64_t>(hosts.size());
  if (!by.to) {
    const auto at = by.from < 0 ? size + by.from : by.from;
    if (at < 0 || at >= size)
      return Error{fmt::format("'{}' has only {} hosts", bounded(pattern, 80), size)};
    return Matches{hosts[static_cast<std::size_t>(at)]};
  }
  const auto end = *by.to == -1 ? size : std::min(size, *by.to + 1);
  if (by.from >= end) return Matches{};
  return Matches(hosts.begin() + by.from, hosts.begin() + end);
}

class Selection {
 public:
  explicit Selection(const Inventory& inventory) : inventory_(inventory) {}

  /// One part without its `!` or `&`.
  Result<Matches> match(std::string_view part) const {
    if (part.empty()) return Error{"an empty part in a pattern of hosts"};
    if (part.front() == '~')
      return Error{fmt::format("the regular expression '{}' is not read", bounded(part, 80)),
                   "use * and ?, or name a group"};
    auto name = part;
    const auto subscript = inventory_.host(name) ? std::nullopt : take_subscript(name);
    auto hosts = all_of(name);
    if (!hosts || !subscript) return hosts;
    return cut(*hosts, *subscript, part);
  }

 private:
  /// As there: groups first; hosts too when no group fits, or when it could be a glob.
  Result<Matches> all_of(std::string_view name) const {
    const auto* host = inventory_.host(name);
    const auto* group = inventory_.group(name);
    if (host && group && group->hosts != Matches{host->name})
      return Error{fmt::format("`{}` is a host and a group", name),
                   "it could mean either; rename one"};
    if (host) return Matches{host->name};
    const bool glob = name.find_first_of("*?[") != std::string_view::npos;
    if (!glob) return group ? Result<Matches>{group->hosts} : unknown(name);
    if (std::count(name.begin(), name.end(), '*') > static_cast<std::ptrdiff_t>(kStarsMax))
      return Error{fmt::format("'{}' holds more than {} `*`", bounded(name, 80), kStarsMax)};
    Matches out;
    bool found = false;
    const std::string pattern{name};
    const auto fits = [&](const std::string& one) {
      const bool fit = ::fnmatch(pattern.c_str(), one.c_str(), FNM_NOESCAPE) == 0;
      found = found || fit;
      return fit;
    };
    for (const auto& one : inventory_.groups)
      if (fits(one.name)) out.insert(out.end(), one.hosts.begin(), one.hosts.end());
    for (const auto& one : inventory_.hosts)
      if (fits(one.name)) out.push_back(one.name);
    if (!found) return Error{fmt::format("`{}` fits no host and no group of the inventory", name)};
    return out;
  }

  Result<Matches> unknown(std::string_view name) const {
    const auto all = inventory_.names();
    const auto near = nearest(name, all);
    return Error{fmt::format("`{}` is no host and no group of the inventory", bounded(name, 80)),
                 near.empty() ? "" : fmt::format("did you mean `{}`?", near)};
  }

  const Inventory& inventory_;
};

}  // namespace

Result<std::vector<std::string>> Inventory::select(std::string_view pattern) const {
  if (pattern.size() > kPatternMax)
    return Error{
        fmt::format("a pattern of {} bytes; {} are the most", pattern.size(), kPatternMax)};
  auto parts = parts_of(pattern);
  if (!parts) return parts.error();
  if (parts->empty()) parts->emplace_back(pattern);
  const auto rank = [](const std::string& part) {
    return part.starts_with('!') ? 2 : part.starts_with('&') ? 1 : 0;
  };
  // Unions first, then what must be in both, then what must not be: whatever the order of writing.
  std::stable_sort(parts->begin(), parts->end(),
                   [&](const auto& a, const auto& b) { return rank(a) < rank(b); });
  if (rank(parts->front()) != 0) parts->insert(parts->begin(), "all");
  Matches out;
  std::set<std::string, std::less<>> in;
  for (const auto& part : *parts) {
    const auto found = Selection{*this}.match(std::string_view{part}.substr(rank(part) != 0));
    if (!found) return found.error();
    if (rank(part) == 0) {
      for (const auto& name : *found)
        if (in.insert(name).second) out.push_back(name);
      continue;
    }
    const std::set<std::string, std::less<>> these(found->begin(), found->end());
    std::erase_if(out, [&](const auto& name) { return these.contains(name) == (rank(part) == 2); });
  }
  if (out.empty()) return Error{fmt::format("'{}' selects no host", bounded(pattern, 80))};
  return out;
}

}  // namespace muster::model
