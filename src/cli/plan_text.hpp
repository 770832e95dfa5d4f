// A plan for people to read and approve.
#pragma once
#include <string>

#include "plan/plan.hpp"

namespace muster::cli {

std::string plan_text(const plan::Plan& plan);

// Parts of it.
std::string condition_text(const plan::Condition& condition);
/// Adds what stops the drill, beside its longest duration.
void guardrails_text(std::string& out, const plan::Plan& plan);

}  // namespace muster::cli
