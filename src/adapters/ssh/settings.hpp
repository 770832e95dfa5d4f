// What the user's ssh_config says of one host, as `ssh -G` prints it, and what of it libssh2 cannot
// do. Pure.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace muster::ssh {

struct Settings {
  std::string host;  // HostName, in lower case: what is connected to
  std::uint16_t port = 22;
  std::string user;
  std::string host_key_alias;  // "": known_hosts is asked for host and port
  std::vector<std::string> identity_files;
  bool identities_only = false;
  std::string agent;                                    // its socket; "": none
  std::vector<std::string> known_hosts;                 // files: the user's, then the machine's
  std::string kex, ciphers, macs, host_key_algorithms;  // lists with commas, in order of preference
  std::string family = "any";                           // any, inet, inet6
  std::string jump;                                     // ProxyJump; "": none
  bool gssapi = false;
  bool host_based = false;
  /// "" or why only the system's ssh can serve this host.
  std::string openssh_only;
  bool operator==(const Settings&) const = default;
};

/// Where `~` and the default agent are.
struct Surroundings {
  std::string home;
  std::string agent;
};
/// Of this process and its user.
Surroundings surroundings();

Settings settings_from(std::string_view printed, const Surroundings& around);

/// The name that known_hosts has: the alias, the host, or `[host]:port`.
std::string known_name(const Settings& settings);

}  // namespace muster::ssh
