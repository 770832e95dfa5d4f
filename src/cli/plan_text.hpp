// A plan for people to read and approve.
#pragma once
#include <string>

#include "plan/plan.hpp"

namespace muster::cli {

std::string plan_text(const plan::Plan& plan);

}  // namespace muster::cli
