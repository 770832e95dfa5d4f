#include "model/inventory_tree.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <tuple>

namespace muster::model {
namespace {

constexpr std::size_t kGroupDepthMax = 100;

bool has_member(const std::vector<std::size_t>& list, std::size_t one) {
  return std::find(list.begin(), list.end(), one) != list.end();
}

void merge(const VariableMap& from, VariableMap& into) {
  for (const auto& [name, variable] : from) into.insert_or_assign(name, variable);
}

std::optional<InventoryTree::Index> find_in(
    const std::unordered_map<std::string, InventoryTree::Index>& index, const std::string& name) {
  const auto found = index.find(name);
  return found == index.end() ? std::nullopt : std::optional{found->second};
}

}  // namespace

const Variable* Variables::find(std::string_view name) const {
  for (const auto* map : {own_, &groups_->variables})
    if (const auto found = map->find(name); found != map->end()) return &found->second;
  return nullptr;
}

VariableMap Variables::merged() const {
  VariableMap out = groups_->variables;
  merge(*own_, out);
  return out;
}

InventoryTree::InventoryTree() {
  add_group("all", {});
  add_group("ungrouped", {});
  add_child(kAll, kUngrouped);
}

InventoryTree::Index InventoryTree::add_group(const std::string& name, const Place& place) {
  const auto [at, fresh] = group_index_.try_emplace(name, groups_.size());
  if (fresh) {
    auto& group = groups_.emplace_back();
    group.name = name;
    group.place = place;
  }
  auto& group = groups_[at->second];
  if (!group.place.source) group.place = place;
  return at->second;
}

InventoryTree::Index InventoryTree::add_host(const std::string& name, const Place& place,
                                             Index group, const Variable* port) {
  const auto [at, fresh] = host_index_.try_emplace(name, hosts_.size());
  if (fresh) {
    auto& host = hosts_.emplace_back();
    host.name = name;
    host.place = place;
    if (port) host.variables.emplace("ansible_port", *port);
  }
  auto& host = hosts_[at->second];
  if (!has_member(host.groups, group)) {
    host.groups.push_back(group);
    groups_[group].hosts.push_back(at->second);
  }
  return at->second;
}

void InventoryTree::add_child(Index parent, Index child) {
  if (has_member(groups_[child].parents, parent)) return;
  groups_[child].parents.push_back(parent);
  groups_[parent].children.push_back(child);
}

void InventoryTree::set_group_variable(Index group, const std::string& name, Variable value,
                                       Diagnostics& out) {
  if (name != "ansible_group_priority") {
    groups_[group].variables.insert_or_assign(name, std::move(value));
    return;
  }
  const auto& text = value.value->text;
  std::int64_t priority = 0;
  const auto [at, error] = std::from_chars(text.data(), text.data() + text.size(), priority);
  if (error != std::errc{} || at != text.data() + text.size())
    return out.error(value.value->place, "`ansible_group_priority` expects a whole number");
  groups_[group].priority = priority;
}

void InventoryTree::set_host_variable(Index host, const std::string& name, Variable value,
                                      Diagnostics& out) {
  if (const auto group = find_group(hosts_[host].name))
    return set_group_variable(*group, name, std::move(value), out);
  hosts_[host].variables.insert_or_assign(name, std::move(value));
}

bool InventoryTree::reconcile(Diagnostics& out) {
  for (Index i = 0; i < groups_.size(); ++i)
    if (i != kAll && groups_[i].parents.empty()) add_child(kAll, i);
  for (Index i = 0; i < hosts_.size(); ++i) {
    auto& host = hosts_[i];
    const bool grouped = std::any_of(host.groups.begin(), host.groups.end(),
                                     [](Index g) { return g != kAll && g != kUngrouped; });
    if (grouped && std::erase(host.groups, kUngrouped) > 0)
      std::erase(groups_[kUngrouped].hosts, i);
    else if (!grouped && !has_member(host.groups, kUngrouped))
      host.groups.push_back(kUngrouped), groups_[kUngrouped].hosts.push_back(i);
  }
  for (Index i = 0; i < groups_.size(); ++i) {
    std::vector<Index> way;
    if (!measure(i, way, out)) return false;
  }
  return true;
}

bool InventoryTree::measure(Index at, std::vector<Index>& way, Diagnostics& out) {
  Group& group = groups_[at];
  if (group.depth != 0) return true;
  if (const auto seen = std::find(way.begin(), way.end(), at); seen != way.end()) {
    std::string cycle = group.name;
    for (auto it = way.end(); it != seen;) cycle += " > " + groups_[*--it].name;
    out.error(group.place, fmt::format("the group `{}` is inside of itself", group.name),
              "the circle is: " + cycle);
    return false;
  }
  const auto refuse_depth = [&] {
    out.error(group.place, fmt::format("groups nested deeper than {}", kGroupDepthMax));
    return false;
  };
  if (way.size() >= kGroupDepthMax) return refuse_depth();
  way.push_back(at);
  std::size_t depth = 0;
  for (const auto parent : group.parents) {
    if (!measure(parent, way, out)) return false;
    depth = std::max(depth, groups_[parent].depth);
  }
  way.pop_back();
  if (depth >= kGroupDepthMax) return refuse_depth();
  group.depth = depth + 1;
  return true;
}

std::optional<InventoryTree::Index> InventoryTree::find_group(const std::string& name) const {
  return find_in(group_index_, name);
}

std::optional<InventoryTree::Index> InventoryTree::find_host(const std::string& name) const {
  return find_in(host_index_, name);
}

std::vector<InventoryTree::Index> InventoryTree::hosts_of(Index group) const {
  std::vector<bool> seen_groups(groups_.size()), seen_hosts(hosts_.size());
  std::vector<Index> order{group}, out;
  seen_groups[group] = true;
  for (std::size_t i = 0; i < order.size(); ++i) {
    for (const auto host : groups_[order[i]].hosts)
      if (!seen_hosts[host]) seen_hosts[host] = true, out.push_back(host);
    for (const auto child : groups_[order[i]].children)
      if (!seen_groups[child]) seen_groups[child] = true, order.push_back(child);
  }
  return out;
}

std::vector<InventoryTree::Index> InventoryTree::groups_of(Index host) const {
  std::vector<Index> found = hosts_[host].groups;
  std::set<Index> seen(found.begin(), found.end());
  for (std::size_t i = 0; i < found.size(); ++i)
    for (const auto parent : groups_[found[i]].parents)
      if (seen.insert(parent).second) found.push_back(parent);
  std::erase(found, kAll);
  std::sort(found.begin(), found.end(), [this](Index a, Index b) {
    const auto key = [](const Group& g) { return std::tie(g.depth, g.priority, g.name); };
    return key(groups_[a]) < key(groups_[b]);
  });
  return found;
}

Variables InventoryTree::variables_of(Index host) {
  auto direct = hosts_[host].groups;
  std::sort(direct.begin(), direct.end());
  auto& layer = layers_[direct];
  if (!layer) {
    GroupLayer made;
    const auto groups = groups_of(host);
    // Ansible's default order of precedence: all sources, then all files; `all` first in both.
    merge(groups_[kAll].variables, made.variables);
    for (const auto g : groups) merge(groups_[g].variables, made.variables);
    merge(groups_[kAll].files, made.variables);
    for (const auto g : groups) merge(groups_[g].files, made.variables);
    made.problems = groups_[kAll].problems;
    for (const auto g : groups)
      made.problems.insert(made.problems.end(), groups_[g].problems.begin(),
                           groups_[g].problems.end());
    layer = std::make_shared<const GroupLayer>(std::move(made));
  }
  return {layer, hosts_[host].variables};
}

}  // namespace muster::model
