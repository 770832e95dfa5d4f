// Which secrets there are, and where their values come from: inventory/secrets.yaml. No value is
// ever in a file of the workspace, nor in this.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "base/secret.hpp"
#include "model/text.hpp"

namespace muster::model {

struct Secret {
  Located<std::string> name;
  SecretSource source;
};

struct Secrets {
  std::vector<Secret> all;
  const Secret* find(std::string_view name) const;
  std::vector<std::string> names() const;
};

/// Adds those of one `secrets:` map.
void read_secrets(const config::Node& node, Secrets& secrets, Diagnostics& out);

}  // namespace muster::model
