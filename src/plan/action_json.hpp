// JSON of what a step does. Internal to plan/.
#pragma once
#include "plan/plan.hpp"

namespace muster::plan {

Json action_to_json(const Action& action);
/// From {"word": …, "action": …}; throws on what it does not expect, plan_from_json makes that an
/// Error.
Action action_from_json(const Json& json);

}  // namespace muster::plan
