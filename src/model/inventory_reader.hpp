// Builds an Inventory from sources and files of variables that are already parsed. Private to
// model/ and its tests; inventory_folder.hpp finds the files.
#pragma once
#include <deque>
#include <string>
#include <vector>

#include "base/json.hpp"
#include "config/ini.hpp"
#include "model/inventory.hpp"
#include "model/inventory_tree.hpp"

namespace muster::model {

/// Sources first, in Ansible's order; then reconcile(); then the files of group_vars/ and
/// host_vars/, each in its order; then finish().
class InventoryReader {
 public:
  explicit InventoryReader(Diagnostics& out) : out_(out) {}
  InventoryReader(const InventoryReader&) = delete;
  InventoryReader& operator=(const InventoryReader&) = delete;

  void read(config::Node document);
  void read(const std::vector<config::IniSection>& sections);

  /// False: the groups cannot be put in order, and nothing after it is worth reading.
  bool reconcile();

  /// `document` is a map of variables. Files of a group or host that is not there are ignored, as
  /// Ansible does: group_vars/ may serve several inventories.
  void read_group_file(const std::string& group, config::Node document);
  void read_host_file(const std::string& host, config::Node document);
  /// What is wrong with all hosts of a group: a file of variables that cannot be read.
  void add_group_problem(const std::string& group, config::Diagnostic problem);
  void add_host_problem(const std::string& host, config::Diagnostic problem);

  const InventoryTree& tree() const { return tree_; }
  Inventory finish();
  /// The same as `ansible-inventory --list` prints (inventory_list.cpp).
  Json list();

 private:
  void read_group(const config::Entry& entry, std::optional<InventoryTree::Index> parent);
  void read_group_hosts(const config::Node& node, InventoryTree::Index group);
  void read_group_children(const config::Node& node, InventoryTree::Index group);
  void read_group_variables(const config::Node& node, InventoryTree::Index group);
  std::vector<InventoryTree::Index> add_hosts(const std::string& written, const Place& place,
                                              InventoryTree::Index group);
  bool is_group_name(const std::string& name, const Place& place);
  const config::Node& keep(config::Node node);
  const config::Node& map_of(const config::Node& node);

  class IniSource;  // inventory_ini.cpp

  Diagnostics& out_;
  std::deque<config::Node> documents_;  ///< What the tree's variables point into.
  InventoryTree tree_;
  bool too_many_ = false;
};

}  // namespace muster::model
