// known_hosts, what `ssh -G` prints, and an ssh_config: files of the user's, whoever wrote them.
#include "adapters/ssh/config_scope.hpp"
#include "adapters/ssh/known_hosts.hpp"
#include "adapters/ssh/settings.hpp"
#include "tests/fuzz/target.hpp"

namespace muster::fuzz {

void ssh(std::string_view bytes) {
  const muster::ssh::KnownHosts known{bytes, "known_hosts"};
  for (const auto* name : {"db-1", "[db-1]:2222", "192.0.2.1"})
    for (const auto& key : known.keys_of(name)) promise(!key.blob.empty(), "a key without a key");
  const auto settings = muster::ssh::settings_from(bytes, {"/home/ana", "/run/agent"});
  muster::ssh::known_name(settings);
  muster::ssh::tells_no_hosts_apart(bytes, {});
}

}  // namespace muster::fuzz
