#include "model/inventory.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "base/text.hpp"

namespace muster::model {

std::string_view to_string(Connection connection) {
  switch (connection) {
    case Connection::ssh:
      return "ssh";
    case Connection::openssh:
      return "openssh";
    case Connection::local:
      return "local";
  }
  return "";
}

std::string_view to_string(Environment environment) {
  switch (environment) {
    case Environment::production:
      return "production";
    case Environment::staging:
      return "staging";
    case Environment::lab:
      return "lab";
  }
  return "";
}

const Host* Inventory::host(std::string_view name) const {
  for (const auto& h : hosts)
    if (h.name == name) return &h;
  return nullptr;
}

const Group* Inventory::group(std::string_view name) const {
  for (const auto& g : groups)
    if (g.name == name) return &g;
  return nullptr;
}

std::vector<std::string> Inventory::names() const {
  std::vector<std::string> out;
  for (const auto& h : hosts) out.push_back(h.name);
  for (const auto& g : groups) out.push_back(g.name);
  return out;
}

Result<std::vector<std::string>> Inventory::select(std::string_view pattern) const {
  std::set<std::string, std::less<>> in, no;
  for (const auto& part : split(pattern, ':')) {
    std::string_view name = trimmed(part);
    if (name.find_first_of("*?[]~&,") != std::string_view::npos)
      return Error{fmt::format("the pattern '{}' is not in this version", name),
                   "name hosts and groups: a, a:b, a:!b"};
    const bool excluded = name.starts_with('!');
    if (excluded) name.remove_prefix(1);
    auto& into = excluded ? no : in;
    if (const auto* g = group(name)) {
      into.insert(g->hosts.begin(), g->hosts.end());
    } else if (host(name)) {
      into.emplace(name);
    } else {
      const auto all = names();
      const auto near = nearest(name, all);
      return Error{fmt::format("`{}` is no host and no group of the inventory", name),
                   near.empty() ? "" : fmt::format("did you mean `{}`?", near)};
    }
  }
  std::vector<std::string> out;
  for (const auto& h : hosts)
    if (in.contains(h.name) && !no.contains(h.name)) out.push_back(h.name);
  if (out.empty()) return Error{fmt::format("'{}' selects no host", pattern)};
  return out;
}

}  // namespace muster::model
