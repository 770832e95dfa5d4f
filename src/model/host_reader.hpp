// From the variables of one host, as Ansible merged them, to a Host. Private to model/.
#pragma once
#include <string>

#include "model/inventory.hpp"
#include "model/inventory_tree.hpp"

namespace muster::model {

/// What is wrong with Ansible's variables becomes a problem of the host; what is wrong with
/// Muster's own (`muster_…`) is an error of the file. Other variables are nobody's business here.
Host read_host(std::string name, const Place& place, const Variables& variables, Diagnostics& out);

/// Ansible takes nearly anything; a name of ours is one word that ssh could be given.
bool is_host_name(const std::string& name, const Place& place, Diagnostics& out);

/// One whole `${secret.NAME}`.
bool is_secret_reference(std::string_view text);

}  // namespace muster::model
