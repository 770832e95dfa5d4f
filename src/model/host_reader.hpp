// From the variables of one host, as Ansible merged them, to a Host. Private to model/.
#pragma once
#include <map>
#include <string>

#include "model/inventory.hpp"

namespace muster::model {

/// The variable that counts: of the host itself, else of its nearest group.
struct Variable {
  Place place;  ///< Of its name.
  const config::Node* value = nullptr;
};
using Variables = std::map<std::string, Variable, std::less<>>;

/// Variables that are nobody's business here are ignored, unless they begin with `muster_`.
Host read_host(std::string name, const Place& place, const Variables& variables, Diagnostics& out);

/// Ansible's own error for it is late and odd; ranges come in a later version.
bool is_host_name(const std::string& name, const Place& place, Diagnostics& out);

}  // namespace muster::model
