// What cannot work although every word of it is right (format: `muster check`); asked only when
// every word is. Private to model/.
#pragma once
#include "config/diagnostics.hpp"
#include "model/drill.hpp"

namespace muster::model {

/// What a playbook's own steps and services say: rhythms that leave gaps, windows that hold too few
/// probes, a fault that could be armed after the hold, a teardown of what clients use.
void check_playbook(const Playbook& playbook, config::Diagnostics& out);

/// What a drill's limits say of them: a run that ends before it begins, an outage that nothing
/// could cause.
void check_limits(const Drill& drill, config::Diagnostics& out);

}  // namespace muster::model
