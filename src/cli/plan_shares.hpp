// What a plan means for drills that run beside it: the hosts that are its own while it runs, and of
// which groups only so many may be in drills at once. Pure.
#pragma once
#include <string>
#include <vector>

#include "plan/plan.hpp"
#include "scheduler/share.hpp"

namespace muster::cli {

/// Those that its steps may work on or ask; those that its guardrails only count are not among
/// them.
std::vector<std::string> used_hosts(const plan::Plan& plan);
/// Its `keep` and `at_most`.
std::vector<scheduler::Share> shares_of(const plan::Plan& plan);

}  // namespace muster::cli
