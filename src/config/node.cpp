#include "config/node.hpp"

#include <fmt/format.h>

#include "base/text.hpp"

namespace muster::config {

const Node* Node::find(std::string_view key) const {
  for (const auto& entry : entries)
    if (entry.key == key) return &entry.value;
  return nullptr;
}

std::string description(const Node& node) {
  if (node.encrypted) return "a value encrypted by ansible-vault";
  switch (node.kind) {
    case Node::Kind::null:
      return "nothing";
    case Node::Kind::sequence:
      return "a list";
    case Node::Kind::map:
      return "a map";
    case Node::Kind::scalar:
      break;
  }
  return fmt::format("'{}'", bounded(node.text, 80));
}

}  // namespace muster::config
