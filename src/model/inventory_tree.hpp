// Groups, hosts and their variables as Ansible merges them from all sources, before anything in
// them means something to Muster. Private to model/.
// Sources of the rules: ansible-core 2.14, inventory/data.py, inventory/group.py, vars/manager.py;
// tests/inventory/ holds them against the real one.
#pragma once
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "config/diagnostics.hpp"
#include "config/node.hpp"

namespace muster::model {

using config::Diagnostics;
using config::Place;

/// The node belongs to whoever built the tree, and must outlive it.
struct Variable {
  Place place;  ///< Of its name.
  const config::Node* value = nullptr;
};
using VariableMap = std::map<std::string, Variable, std::less<>>;

/// What the groups of a host say together; shared by all hosts in the same groups.
struct GroupLayer {
  VariableMap variables;
  std::vector<config::Diagnostic> problems;
};

/// All variables of one host: its own before those of its groups.
class Variables {
 public:
  Variables(std::shared_ptr<const GroupLayer> groups, const VariableMap& own)
      : groups_(std::move(groups)), own_(&own) {}
  const Variable* find(std::string_view name) const;
  VariableMap merged() const;
  const GroupLayer& groups() const { return *groups_; }
  const VariableMap& own() const { return *own_; }

 private:
  std::shared_ptr<const GroupLayer> groups_;
  const VariableMap* own_;
};

class InventoryTree {
 public:
  using Index = std::size_t;
  static constexpr Index kAll = 0;
  static constexpr Index kUngrouped = 1;

  struct Group {
    std::string name;
    Place place;
    VariableMap variables;  ///< Of the sources.
    VariableMap files;      ///< Of group_vars/, which overrule all sources.
    std::vector<config::Diagnostic> problems;
    std::vector<Index> parents, children, hosts;  ///< Direct ones, in the order of their naming.
    std::int64_t priority = 1;
    std::size_t depth = 0;  ///< The longest way from `all`; known after reconcile().
  };
  struct Host {
    std::string name;
    Place place;
    VariableMap variables;
    std::vector<config::Diagnostic> problems;
    std::vector<Index> groups;  ///< Direct ones.
  };

  InventoryTree();

  Index add_group(const std::string& name, const Place& place);
  /// A host that is there already only joins the group; `port` is for a new one.
  Index add_host(const std::string& name, const Place& place, Index group, const Variable* port);
  void add_child(Index parent, Index child);
  /// Of a source: `ansible_group_priority` is the group's own. Not for group_vars/, where it is a
  /// variable as any other.
  void set_group_variable(Index group, const std::string& name, Variable value, Diagnostics& out);
  /// Ansible looks a group up first when a host and a group share a name; so do we.
  void set_host_variable(Index host, const std::string& name, Variable value, Diagnostics& out);

  /// Once, after the sources and before what follows: who is ungrouped, what hangs below `all`, how
  /// deep. False (and an error) when a group is inside of itself or too deep.
  bool reconcile(Diagnostics& out);

  const std::vector<Host>& hosts() const { return hosts_; }
  const std::vector<Group>& groups() const { return groups_; }
  Group& group(Index at) { return groups_[at]; }
  Host& host(Index at) { return hosts_[at]; }
  std::optional<Index> find_group(const std::string& name) const;
  std::optional<Index> find_host(const std::string& name) const;

  /// Also those of its children, level by level, in Ansible's order.
  std::vector<Index> hosts_of(Index group) const;
  /// Also those above; without `all`; the far ones first: what comes later overrules.
  std::vector<Index> groups_of(Index host) const;
  Variables variables_of(Index host);

 private:
  bool measure(Index group, std::vector<Index>& way, Diagnostics& out);

  std::vector<Group> groups_;
  std::vector<Host> hosts_;
  std::unordered_map<std::string, Index> group_index_, host_index_;
  std::map<std::vector<Index>, std::shared_ptr<const GroupLayer>> layers_;
};

}  // namespace muster::model
