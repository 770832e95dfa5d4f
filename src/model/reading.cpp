#include "model/reading.hpp"

namespace muster::config {

template <>
std::optional<model::Text> read<model::Text>(const Node& node, Diagnostics& out) {
  return model::parse_text(node, out);
}

template <>
std::optional<model::Command> read<model::Command>(const Node& node, Diagnostics& out) {
  return model::parse_command(node, out);
}

}  // namespace muster::config
