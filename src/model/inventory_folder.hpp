// Finds and reads the files of a workspace's inventory/: several sources in Ansible's order, then
// group_vars/ and host_vars/. Blocking file reads. Private to model/.
// Sources of the rules: ansible-core 2.14, inventory/manager.py and
// plugins/vars/host_group_vars.py.
#pragma once
#include <filesystem>
#include <functional>

#include "config/node.hpp"
#include "model/inventory_reader.hpp"

namespace muster::model {

/// Whether the document of a YAML file that lies in inventory/ itself is Muster's own (people, …)
/// and no inventory; reads it then. `name` is as messages show it: "inventory/people.yaml".
using OwnFile = std::function<bool(const std::string& name, const config::Node& document)>;

/// Reads it all into `reader`, which can then finish() or list(). False when that would make no
/// sense (then `out` says why).
bool read_inventory_folder(const std::filesystem::path& folder, const OwnFile& is_own,
                           InventoryReader& reader, Diagnostics& out);

}  // namespace muster::model
