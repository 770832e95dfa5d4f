// What the plan's words become when a host is asked: shared by who asks (engine/) and by who says
// beforehand what a host will be asked (gate.hpp). Pure.
#pragma once
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "plan/plan.hpp"

namespace muster::plan {

/// How long an effect outlives the last word of its runner.
inline constexpr Duration kLease = std::chrono::seconds{20};

/// The slots on whose hosts a step works or a guardrail asks, with the script that is armed for it,
/// if any: a host that nothing touches is not asked.
void each_slot_use(const Plan& plan,
                   const std::function<void(const std::string& slot, const Script* script)>& use);

/// The longest that an effect lives, whatever is renewed.
Duration effect_cap(const Plan& plan, Duration lease);

/// The command that asks a slot's question on a candidate.
std::vector<std::string> role_argv(const RoleQuestion& question);

/// Puts a list into parameter values: NAME_0, NAME_1, … and NAME_count.
void put_list(std::map<std::string, std::string>& values, const std::string& name,
              const std::vector<std::string>& words);

/// The parameters of the fault `command`, which a `run` with an undo becomes.
std::map<std::string, std::string> command_values(const std::vector<std::string>& argv,
                                                  const std::vector<std::string>& undo);

}  // namespace muster::plan
