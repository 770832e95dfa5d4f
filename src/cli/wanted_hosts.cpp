#include "cli/wanted_hosts.hpp"

#include <fmt/format.h>

#include "model/workspace.hpp"
#include "plan/compile.hpp"

namespace muster::cli {

Result<WantedHosts> wanted_hosts(const std::filesystem::path& workspace,
                                 const std::string& pattern) {
  config::Diagnostics diagnostics;
  const auto all = model::load_hosts(workspace, diagnostics);
  if (!diagnostics.empty()) {
    fmt::print(stderr, "{}", config::render(diagnostics));
    return Error{"the inventory cannot be read", "mend it, or name another workspace with -C"};
  }
  const auto names = all.inventory.select(pattern);
  if (!names) return names.error();
  WantedHosts out;
  for (const auto& name : *names) {
    const auto& host = *all.inventory.host(name);
    if (host.is_protected) {
      out.passed_over.push_back(name);
      continue;
    }
    if (!host.problems.empty())
      return Error{fmt::format("the host {}: {}", name, host.problems.front().what),
                   host.problems.front().hint};
    out.hosts.push_back(plan::address_of(host));
    const auto& address = out.hosts.back();
    for (const auto* text : {&address.become_password, &address.key_passphrase})
      for (const auto& secret : secrets_in(*text)) {
        const auto* found = all.secrets.find(secret);
        if (!found)
          return Error{fmt::format("the host {} needs the secret {}, which is none", name, secret),
                       "inventory/secrets.yaml"};
        out.secrets.emplace(secret, found->source);
      }
  }
  return out;
}

}  // namespace muster::cli
