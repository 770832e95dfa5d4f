// Ansible's YAML inventories: groups with hosts, children and vars; and what all sources share.
#include "model/inventory_reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/text.hpp"
#include "model/host_reader.hpp"
#include "model/inventory_range.hpp"

namespace muster::model {
namespace {

const std::vector<std::string> kGroupKeys{"hosts", "children", "vars"};
constexpr std::size_t kGroupsMax = 10'000;
/// Hosts of all groups together: some hundred bytes each are held for it.
constexpr std::size_t kMembershipsMax = 2'000'000;

}  // namespace

const config::Node& InventoryReader::keep(config::Node node) {
  return documents_.emplace_back(std::move(node));
}

/// Ansible takes one word for a map with that one key.
const config::Node& InventoryReader::map_of(const config::Node& node) {
  if (!node.is_scalar()) return node;
  config::Node map;
  map.kind = config::Node::Kind::map;
  map.place = node.place;
  map.entries.push_back({node.text, node.place, config::Node{}});
  return keep(std::move(map));
}

bool InventoryReader::is_group_name(const std::string& name, const Place& place) {
  const bool fine = !name.empty() && name.size() <= 255 && name.front() != '-' &&
                    std::all_of(name.begin(), name.end(), [](char c) {
                      return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                             (c >= '0' && c <= '9') || static_cast<unsigned char>(c) >= 0x80 ||
                             std::string_view{"_-.+@"}.find(c) != std::string_view::npos;
                    });
  if (!fine)
    out_.error(place, fmt::format("`{}` is not a group's name", bounded(name, 80)),
               "letters, digits and _ - . + @; no pattern could name it otherwise");
  if (fine && tree_.groups().size() >= kGroupsMax && !tree_.find_group(name)) {
    if (!std::exchange(too_many_, true))
      out_.error(place, fmt::format("more than {} groups", kGroupsMax));
    return false;
  }
  return fine;
}

void InventoryReader::read(config::Node node) {
  const auto& document = keep(std::move(node));
  if (!document.is_map() && !document.is_null())
    out_.error(document.place,
               "expected an inventory (a map of groups), found " + config::description(document));
  for (const auto& entry : document.entries) read_group(entry, std::nullopt);
}

void InventoryReader::read_group(const config::Entry& entry,
                                 std::optional<InventoryTree::Index> parent) {
  const auto& node = entry.value;
  if (!is_group_name(entry.key, entry.place)) return;
  const auto group = tree_.add_group(entry.key, entry.place);
  if (!node.is_map() && !node.is_null())
    out_.error(node.place, "expected a group (a map), found " + config::description(node));
  for (const auto& part : node.entries) {
    if (part.key == "hosts")
      read_group_hosts(map_of(part.value), group);
    else if (part.key == "vars")
      read_group_variables(part.value, group);
    else if (part.key == "children")
      read_group_children(map_of(part.value), group);
    else
      out_.unknown(part.place, fmt::format("`{}` is not a key of a group", part.key), part.key,
                   kGroupKeys);
  }
  // After its content, as Ansible does: the order of children is the order of hosts.
  if (parent) tree_.add_child(*parent, group);
}

void InventoryReader::read_group_children(const config::Node& node, InventoryTree::Index group) {
  if (!node.is_map() && !node.is_null())
    out_.error(node.place, "expected groups (a map), found " + config::description(node));
  for (const auto& child : node.entries) read_group(child, group);
}

void InventoryReader::read_group_variables(const config::Node& node, InventoryTree::Index group) {
  if (!node.is_map() && !node.is_null())
    out_.error(node.place, "expected variables (a map), found " + config::description(node));
  for (const auto& entry : node.entries)
    tree_.set_group_variable(group, entry.key, {entry.place, &entry.value}, out_);
}

void InventoryReader::read_group_hosts(const config::Node& node, InventoryTree::Index group) {
  if (!node.is_map() && !node.is_null())
    out_.error(node.place, "expected hosts (a map), found " + config::description(node),
               "write each host with a colon: `db-1:`");
  for (const auto& entry : node.entries) {
    const auto& value = entry.value;
    if (!value.is_map() && !value.is_null())
      out_.error(value.place,
                 "expected a host's variables (a map), found " + config::description(value));
    for (const auto host : add_hosts(entry.key, entry.place, group))
      for (const auto& variable : value.entries)
        tree_.set_host_variable(host, variable.key, {variable.place, &variable.value}, out_);
  }
}

std::vector<InventoryTree::Index> InventoryReader::add_hosts(const std::string& written,
                                                             const Place& place,
                                                             InventoryTree::Index group) {
  std::vector<InventoryTree::Index> hosts;
  const auto expanded = expand_hosts(written);
  if (!expanded) {
    out_.error(place, expanded.error().what, expanded.error().hint);
    return hosts;
  }
  std::optional<Variable> port;
  if (expanded->port)
    port =
        Variable{place, &keep({config::Node::Kind::scalar, place, *expanded->port, true, {}, {}})};
  for (const auto& name : expanded->names) {
    if (!is_host_name(name, place, out_)) break;
    if (tree_.hosts().size() >= kHostsMax && !tree_.find_host(name)) {
      if (!std::exchange(too_many_, true))
        out_.error(place, fmt::format("more than {} hosts", kHostsMax));
      break;
    }
    hosts.push_back(tree_.add_host(name, place, group, port ? &*port : nullptr));
  }
  return hosts;
}

bool InventoryReader::reconcile() {
  return !too_many_ && tree_.reconcile(out_);
}

void InventoryReader::read_group_file(const std::string& group, config::Node document) {
  const auto at = tree_.find_group(group);
  if (!at) return;
  for (const auto& entry : keep(std::move(document)).entries)
    tree_.group(*at).files.insert_or_assign(entry.key, Variable{entry.place, &entry.value});
}

void InventoryReader::read_host_file(const std::string& host, config::Node document) {
  const auto at = tree_.find_host(host);
  if (!at) return;
  for (const auto& entry : keep(std::move(document)).entries)
    tree_.host(*at).variables.insert_or_assign(entry.key, Variable{entry.place, &entry.value});
}

void InventoryReader::add_group_problem(const std::string& group, config::Diagnostic problem) {
  if (const auto at = tree_.find_group(group))
    tree_.group(*at).problems.push_back(std::move(problem));
}

void InventoryReader::add_host_problem(const std::string& host, config::Diagnostic problem) {
  if (const auto at = tree_.find_host(host)) tree_.host(*at).problems.push_back(std::move(problem));
}

Inventory InventoryReader::finish() {
  Inventory inventory;
  const auto& groups = tree_.groups();
  std::size_t memberships = 0;
  for (InventoryTree::Index i = 0; i < groups.size(); ++i) {
    Group group{groups[i].name, groups[i].place, {}};
    const auto hosts = tree_.hosts_of(i);
    if ((memberships += hosts.size()) > kMembershipsMax) {
      out_.error(group.place,
                 fmt::format("the groups hold more than {} hosts, counted in each group "
                             "anew",
                             kMembershipsMax),
                 "name fewer groups, or fewer hosts");
      return inventory;
    }
    for (const auto host : hosts) group.hosts.push_back(tree_.hosts()[host].name);
    inventory.group_index.emplace(group.name, i);
    inventory.groups.push_back(std::move(group));
  }
  for (InventoryTree::Index i = 0; i < tree_.hosts().size(); ++i) {
    const auto& raw = tree_.hosts()[i];
    auto host = read_host(raw.name, raw.place, tree_.variables_of(i), out_);
    host.problems.insert(host.problems.end(), raw.problems.begin(), raw.problems.end());
    host.groups.emplace_back("all");
    for (const auto group : tree_.groups_of(i)) host.groups.push_back(groups[group].name);
    inventory.host_index.emplace(host.name, i);
    inventory.hosts.push_back(std::move(host));
  }
  return inventory;
}

}  // namespace muster::model
