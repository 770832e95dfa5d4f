// JSON of a plan's guardrails; part of plan/json.cpp's work. The `from` functions throw on what
// they do not expect, plan_from_json makes that an Error.
#pragma once
#include "plan/plan.hpp"

namespace muster::plan {

/// Adds what there is: a plan without guardrails has neither key.
void guardrails_to(const Plan& plan, Json& json);
void guardrails_from(const Json& json, Plan& plan);

Json question_to(const RoleQuestion& question);
RoleQuestion question_from(const Json& json);

}  // namespace muster::plan
