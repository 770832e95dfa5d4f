// Probes, services and conditions of a file. Private to model/.
#pragma once
#include <optional>
#include <vector>

#include "config/map.hpp"
#include "model/service.hpp"
#include "model/step.hpp"

namespace muster::model {

/// `shape` is the map's, one of a service or a condition: its first key is the probe's kind. Reads
/// what stands beside it, too.
Probe read_probe(config::Map& map, const config::Shape& shape, Diagnostics& out);

/// What stands under `check:` and `wait:`.
Condition read_condition(const config::Node& node, Diagnostics& out);
/// The same of a map that holds more than a condition: `shape` begins as one of
/// condition_shapes() does. Does not finish it.
Condition read_condition(config::Map& map, const config::Shape& shape, Diagnostics& out);

std::vector<Service> read_services(const config::Node& node, Diagnostics& out);

}  // namespace muster::model

namespace muster::config {

/// "99% over 10s"
template <>
inline constexpr Type::Is kIs<model::UpRule> = Type::Is::text;
template <>
std::optional<model::UpRule> read<model::UpRule>(const Node& node, Diagnostics& out);

}  // namespace muster::config
