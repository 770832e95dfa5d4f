// The plan of another edition. Internal to report/.
#pragma once
#include "plan/plan.hpp"
#include "report/names.hpp"

namespace muster::report {

/// A new plan with what may be told of `plan`: a field that is not named here is not in it.
plan::Plan plan_for(const plan::Plan& plan, const Names& names, bool words);

}  // namespace muster::report
