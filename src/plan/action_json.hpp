// JSON of what a step does and asks. Internal to plan/.
#pragma once
#include "plan/plan.hpp"

namespace muster::plan {

Json condition_to_json(const Condition& condition);
Condition condition_from_json(const Json& json);
Json action_to_json(const Action& action);
/// From {"word": …, "action": …}; throws on what it does not expect, plan_from_json makes that an
/// Error.
Action action_from_json(const Json& json);

}  // namespace muster::plan
