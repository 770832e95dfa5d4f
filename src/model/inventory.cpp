#include "model/inventory.hpp"

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
  const auto found = host_index.find(name);
  return found == host_index.end() ? nullptr : &hosts[found->second];
}

const Group* Inventory::group(std::string_view name) const {
  const auto found = group_index.find(name);
  return found == group_index.end() ? nullptr : &groups[found->second];
}

std::vector<std::string> Inventory::names() const {
  std::vector<std::string> out;
  for (const auto& h : hosts) out.push_back(h.name);
  for (const auto& g : groups) out.push_back(g.name);
  return out;
}

}  // namespace muster::model
