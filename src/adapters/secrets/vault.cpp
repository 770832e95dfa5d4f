#include "adapters/secrets/vault.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "adapters/secrets/source.hpp"

namespace muster::secrets {

Result<std::string> Keyring::value(const std::string& name) const {
  if (const auto it = held_.find(name); it != held_.end()) return std::string{it->second->bytes()};
  if (const auto it = missing_.find(name); it != missing_.end()) return it->second;
  return Error{fmt::format("the plan has no secret {}", name)};
}

std::shared_ptr<const Keyring> Vault::open(const Sources& sources) {
  auto ring = std::make_shared<Keyring>();
  if (!sources.empty()) keep_memory_private();
  // Variables first: the commands that give other secrets must not inherit them.
  for (const bool variables : {true, false})
    for (const auto& [name, source] : sources)
      if ((source.kind == SecretSource::Kind::env) == variables) add(*ring, name, source);
  return ring;
}

void Vault::add(Keyring& ring, const std::string& name, const SecretSource& source) {
  auto known = std::find_if(held_.begin(), held_.end(),
                            [&](const auto& one) { return one.first == source; });
  if (known == held_.end()) {
    auto text = read_source(source);
    if (!text) {
      const Error why{fmt::format("the secret `{}`: {}", name, text.error().what),
                      text.error().hint};
      ring.missing_.emplace(name, why);
      ring.problems_.push_back(why);
      return;
    }
    held_.emplace_back(source, std::make_shared<const Held>(std::move(*text)));
    known = held_.end() - 1;
  }
  ring.held_.emplace(name, known->second);
  ring.redactor_.add(name, known->second->bytes());
}

}  // namespace muster::secrets
