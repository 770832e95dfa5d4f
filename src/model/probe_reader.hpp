// Probes, services and conditions of a file. Private to model/.
#pragma once
#include <optional>
#include <vector>

#include "config/map.hpp"
#include "model/service.hpp"
#include "model/step.hpp"

namespace muster::model {

/// The keys of all kinds; a map holds exactly one.
const std::vector<std::string>& probe_keys();

/// `kind` is one of probe_keys() and a key of `map`. Reads what stands beside it, too.
Probe read_probe(config::Map& map, const std::string& kind, Diagnostics& out);

/// What stands under `check:` and `wait:`.
Condition read_condition(const config::Node& node, Diagnostics& out);

std::vector<Service> read_services(const config::Node& node, Diagnostics& out);

/// "99% over 10s"
UpRule read_up_rule(const config::Node& node, Diagnostics& out);

}  // namespace muster::model
