// A playbook that no drill uses, against the catalogue: its faults, restores and their parameters.
#pragma once
#include "plan/compile.hpp"

namespace muster::plan {

/// Reports what would be wrong in every drill of it. Inputs without a default are taken as open
/// where they are text, and as some value of their type where they are not.
void check_alone(const model::Playbook& playbook, const model::Secrets& secrets,
                 config::Diagnostics& out);

}  // namespace muster::plan
