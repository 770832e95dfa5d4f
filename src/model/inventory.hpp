// The hosts that drills may aim at, read from Ansible inventories. Values; built by read_inventory.
#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "model/command.hpp"

namespace muster::model {

/// `ssh`: Muster's own client, many hosts at once. `openssh`: the system's ssh, with all that it
/// can do. `local`: this machine, no transport.
enum class Connection { ssh, openssh, local };
/// What is not labelled is production.
enum class Environment { production, staging, lab };
std::string_view to_string(Connection connection);
std::string_view to_string(Environment environment);

/// Out of band: run by the guardian on the controller's side, and works when the host is dead.
/// `status` prints "on" or "off". The only reference left in them is `${muster}`; `${host.…}` is
/// already inserted.
struct Power {
  Command down;
  Command up;
  Command status;
};

struct Host {
  std::string name;
  Place place;
  std::string address;                ///< ansible_host, else the name.
  std::optional<std::uint16_t> port;  ///< nothing: as the user's ssh configuration says.
  std::string user;                   ///< empty: as the user's ssh configuration says.
  std::string key_file;               ///< empty: same.
  std::vector<std::string> ssh_args;  ///< ansible_ssh_common_args, as separate arguments.
  Connection connection = Connection::openssh;
  bool become = false;  ///< by sudo, the only method.
  std::string become_user = "root";
  Environment environment = Environment::production;
  bool is_protected = false;  ///< muster_protected: no fault, no restore, no command aims at it.
  std::string zone;
  std::optional<Power> power;
  std::vector<std::string>
      groups;  ///< All it is in, also through children; in the order of the file.
};

struct Group {
  std::string name;
  Place place;
  std::vector<std::string> hosts;  ///< Also those of its children; in the order of the file.
};

struct Inventory {
  std::vector<Host> hosts;    ///< In the order in which the files name them first.
  std::vector<Group> groups;  ///< Same; `all` is always there.

  const Host* host(std::string_view name) const;
  const Group* group(std::string_view name) const;
  /// Names of hosts and groups, for messages.
  std::vector<std::string> names() const;
  /// `host`, `group`, or unions and exclusions of them as `a:b:!c`; hosts in the inventory's order.
  /// Nobody at all is an error too: an empty selection is never what was meant.
  Result<std::vector<std::string>> select(std::string_view pattern) const;
};

/// Merges one file in Ansible's YAML form; call finish() after the last one.
class InventoryReader {
 public:
  explicit InventoryReader(Diagnostics& out);
  ~InventoryReader();
  void read(config::Node document);
  /// Hosts with the variables of their groups (parents first, as Ansible does) and their own.
  Inventory finish();

 private:
  struct State;
  void read_group(const config::Entry& entry, const std::string& parent);
  void read_hosts(const config::Node& node, const std::string& group);

  Diagnostics& out_;
  std::unique_ptr<State> state_;
};

}  // namespace muster::model
