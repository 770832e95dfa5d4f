// Reads and checks the guardrails of a drill. Private to model/.
#pragma once
#include "config/map.hpp"
#include "model/drill.hpp"

namespace muster::model {

Guardrails read_guardrails(const config::Node& node, Diagnostics& out);

/// Names that are not there; and an `abort_if` that the drill's own outage would set off.
void check_guardrails(const Drill& drill, Diagnostics& out);

}  // namespace muster::model
