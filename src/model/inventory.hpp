// The hosts that drills may aim at, read from Ansible inventories. Values; built by
// InventoryReader.
#pragma once
#include <cstdint>
#include <map>
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
  /// ansible_ssh_args, ansible_ssh_common_args, ansible_ssh_extra_args, as separate arguments.
  std::vector<std::string> ssh_args;
  Connection connection = Connection::openssh;
  bool become = false;  ///< by sudo, the only method.
  std::string become_user = "root";
  std::string gate;  ///< muster_gate: all that sudo may start there, an absolute path; else "".
  /// What sudo and the key ask for: "" or one whole `${secret.NAME}`, never the secret itself.
  std::string become_password;
  std::string key_passphrase;
  Environment environment = Environment::production;
  bool is_protected = false;  ///< muster_protected: no fault, no restore, no command aims at it.
  std::string zone;
  std::optional<Power> power;
  std::vector<std::string> groups;  ///< All it is in, also through children; `all` first.
  /// Why no drill can use it (a password in plain text, a value that is encrypted, winrm, …). An
  /// inventory of a fleet has many hosts that no drill touches: who uses one reports its problems.
  std::vector<config::Diagnostic> problems;
};

struct Group {
  std::string name;
  Place place;
  std::vector<std::string> hosts;  ///< Also those of its children; in Ansible's order.
};

struct Inventory {
  std::vector<Host> hosts;    ///< In the order in which the files name them first.
  std::vector<Group> groups;  ///< Same; `all` and `ungrouped` are always there.
  std::map<std::string, std::size_t, std::less<>> host_index, group_index;  ///< Into those two.

  const Host* host(std::string_view name) const;
  const Group* group(std::string_view name) const;
  /// Names of hosts and groups, for messages.
  std::vector<std::string> names() const;
  /// Ansible's patterns, in Ansible's order of hosts: `a:b`, `a,b`, `a:&b`, `a:!b`, `web*`,
  /// `db[0]`, `db[1:3]`. Not its regular expressions (`~…`). Unlike there a part that matches
  /// nothing is an error, and so is nobody at all: an empty selection is never what was meant.
  Result<std::vector<std::string>> select(std::string_view pattern) const;
};

}  // namespace muster::model
