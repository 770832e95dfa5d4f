// Which secrets a plan needs: their sources are part of it, their values never.
#include <fmt/format.h>

#include "plan/compiler.hpp"

namespace muster::plan {

void Compiler::use_secret(const std::string& name, const config::Place& place) {
  const auto* secret = in_.secrets.find(name);
  if (secret) {
    plan_.secrets.emplace(name, secret->source);
  } else if (in_.secrets.all.empty()) {
    out_.error(place, fmt::format("there is no secret `{}`: there are none at all", name),
               "write inventory/secrets.yaml");
  } else {
    out_.unknown(place, fmt::format("there is no secret `{}`", name), name, in_.secrets.names());
  }
}

void Compiler::use_secrets_of(const model::Host& from, const ports::HostAddress& address) {
  for (const auto* text : {&address.become_password, &address.key_passphrase})
    for (const auto& name : secrets_in(*text)) use_secret(name, from.place);
}

}  // namespace muster::plan
