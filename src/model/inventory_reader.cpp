// Ansible's YAML inventories: groups with hosts, children and vars, merged over all files.
#include <fmt/format.h>

#include <algorithm>
#include <deque>
#include <map>
#include <set>
#include <utility>

#include "base/text.hpp"
#include "config/scalar.hpp"
#include "model/host_reader.hpp"
#include "model/inventory.hpp"

namespace muster::model {
namespace {

constexpr std::size_t kHostsMax = 10'000;
const std::vector<std::string> kGroupKeys{"hosts", "children", "vars"};

struct RawHost {
  Place place;
  Variables variables;
  std::set<std::string> groups;  ///< Directly.
};
struct RawGroup {
  Place place;
  Variables variables;
  std::set<std::string> parents;
  std::size_t depth = 0;
  bool visiting = false;
};

}  // namespace

struct InventoryReader::State {
  std::deque<config::Node> documents;  ///< What the variables point into.
  std::map<std::string, RawHost> hosts;
  std::map<std::string, RawGroup> groups;
  std::vector<std::string> host_order;
  std::vector<std::string> group_order;

  RawGroup& group(const std::string& name, const Place& place) {
    const auto [at, fresh] = groups.try_emplace(name);
    if (fresh) at->second.place = place, group_order.push_back(name);
    return at->second;
  }

  /// The longest way from `all`, as Ansible orders groups. False for a group inside itself.
  bool measure(RawGroup& group) {
    if (group.visiting) return false;
    if (group.depth != 0) return true;
    group.visiting = true;
    std::size_t depth = 0;
    for (const auto& parent : group.parents) {
      if (!measure(groups.at(parent))) return false;
      depth = std::max(depth, groups.at(parent).depth);
    }
    group.visiting = false;
    group.depth = depth + 1;
    return true;
  }

  /// With all above it.
  void collect(const std::string& name, std::set<std::string>& into) const {
    if (!into.insert(name).second) return;
    for (const auto& parent : groups.at(name).parents) collect(parent, into);
  }

  std::set<std::string> groups_of(const RawHost& host) const {
    std::set<std::string> found{"all"};
    for (const auto& name : host.groups) collect(name, found);
    return found;
  }

  /// Far groups first, so that near ones overrule; of equally far ones the alphabet's last wins, as
  /// in Ansible; the host's own last of all.
  Variables variables_of(const RawHost& host, const std::set<std::string>& names) const {
    std::vector<std::pair<std::size_t, std::string>> order;
    for (const auto& name : names) order.emplace_back(groups.at(name).depth, name);
    std::sort(order.begin(), order.end());
    Variables merged;
    for (const auto& [depth, name] : order)
      for (const auto& [key, variable] : groups.at(name).variables)
        merged.insert_or_assign(key, variable);
    for (const auto& [key, variable] : host.variables) merged.insert_or_assign(key, variable);
    return merged;
  }
};

namespace {

void read_variables(const config::Node& node, std::string_view what, Variables& into,
                    Diagnostics& out) {
  if (!node.is_map() && !node.is_null())
    out.error(node.place,
              fmt::format("expected {} (a map), found {}", what, config::description(node)));
  for (const auto& entry : node.entries) {
    if (entry.key == "ansible_group_priority")
      out.error(entry.place, "`ansible_group_priority` is not in this version");
    into.insert_or_assign(entry.key, Variable{entry.place, &entry.value});
  }
}

}  // namespace

InventoryReader::InventoryReader(Diagnostics& out) : out_(out), state_(std::make_unique<State>()) {
  state_->group("all", {});
}
InventoryReader::~InventoryReader() = default;

void InventoryReader::read(config::Node node) {
  const auto& document = state_->documents.emplace_back(std::move(node));
  if (!document.is_map() && !document.is_null())
    out_.error(document.place,
               "expected an inventory (a map of groups), found " + config::description(document));
  for (const auto& entry : document.entries) read_group(entry, entry.key == "all" ? "" : "all");
}

void InventoryReader::read_group(const config::Entry& entry, const std::string& parent) {
  const auto& node = entry.value;
  if (!config::is_name(entry.key))
    out_.error(entry.place, fmt::format("`{}` is not a group's name", bounded(entry.key, 80)));
  auto& group = state_->group(entry.key, entry.place);
  if (!parent.empty()) group.parents.insert(parent);
  if (!node.is_map() && !node.is_null())
    out_.error(node.place, "expected a group (a map), found " + config::description(node));
  for (const auto& part : node.entries) {
    if (part.key == "hosts") {
      read_hosts(part.value, entry.key);
    } else if (part.key == "vars") {
      read_variables(part.value, "variables", group.variables, out_);
    } else if (part.key == "children") {
      if (!part.value.is_map() && !part.value.is_null())
        out_.error(part.value.place,
                   "expected groups (a map), found " + config::description(part.value));
      for (const auto& child : part.value.entries) read_group(child, entry.key);
    } else {
      out_.unknown(part.place, fmt::format("`{}` is not a key of a group", part.key), part.key,
                   kGroupKeys);
    }
  }
}

void InventoryReader::read_hosts(const config::Node& node, const std::string& group) {
  if (!node.is_map() && !node.is_null())
    out_.error(node.place, "expected hosts (a map), found " + config::description(node),
               "write each host with a colon: `db-1:`");
  for (const auto& entry : node.entries) {
    if (!is_host_name(entry.key, entry.place, out_)) continue;
    const auto [at, fresh] = state_->hosts.try_emplace(entry.key);
    if (fresh) {
      at->second.place = entry.place;
      state_->host_order.push_back(entry.key);
    }
    at->second.groups.insert(group);
    read_variables(entry.value, "a host's variables", at->second.variables, out_);
  }
}

Inventory InventoryReader::finish() {
  Inventory inventory;
  State& state = *state_;
  for (const auto& name : state.group_order) {
    auto& group = state.groups.at(name);
    if (!state.measure(group)) {
      out_.error(group.place, fmt::format("the group `{}` is inside of itself", name));
      return inventory;
    }
    if (state.hosts.contains(name))
      out_.error(group.place, fmt::format("`{}` is a host and a group", name),
                 "a pattern could mean either; rename one");
    inventory.groups.push_back({name, group.place, {}});
  }
  if (state.host_order.size() > kHostsMax) {
    out_.error(state.hosts.at(state.host_order[kHostsMax]).place,
               fmt::format("more than {} hosts", kHostsMax));
    return inventory;
  }
  for (const auto& name : state.host_order) {
    const auto& raw = state.hosts.at(name);
    const auto groups = state.groups_of(raw);
    auto host = read_host(name, raw.place, state.variables_of(raw, groups), out_);
    for (auto& group : inventory.groups)
      if (groups.contains(group.name)) {
        group.hosts.push_back(name);
        host.groups.push_back(group.name);
      }
    inventory.hosts.push_back(std::move(host));
  }
  return inventory;
}

}  // namespace muster::model
