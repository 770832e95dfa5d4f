// Texts and commands as typed keys of a config::Map. Private to model/.
#pragma once
#include "config/map.hpp"
#include "model/command.hpp"

namespace muster::config {

template <>
inline constexpr Type::Is kIs<model::Text> = Type::Is::insertion;
template <>
std::optional<model::Text> read<model::Text>(const Node& node, Diagnostics& out);

template <>
inline constexpr Type::Is kIs<model::Command> = Type::Is::command;
template <>
std::optional<model::Command> read<model::Command>(const Node& node, Diagnostics& out);

}  // namespace muster::config
