// Who may do what in a run: the roles as they are held now, and what somebody may do for whom is
// asked. Pure. docs/people.md tells the rules to users.
#pragma once
#include <string>

#include "engine/io.hpp"
#include "journal/run_state.hpp"
#include "plan/plan.hpp"

namespace muster::engine {

/// Of a role, now: as the record says, else as the plan does. Both empty: there is no such role.
struct Holding {
  std::string holder, deputy;
};
Holding holding_of(const plan::Plan& plan, const journal::RunState& state, const std::string& role);

/// Whose `unix:` the actor's principal is, who signed ("person:ID"), or whose token it is; nullptr:
/// none of the people of this plan's roles.
const plan::Person* person_of(const plan::Plan& plan, const journal::Actor& actor);
/// The same, also among those who may only approve.
const plan::Person* anybody_of(const plan::Plan& plan, const journal::Actor& actor);
/// "person:ID": the principal of who signed.
std::string principal_of(const std::string& person);

/// A question to a person: which role it is for, who has that, and whom the clock runs for.
struct Asked {
  std::string role;
  Holding held;
  std::string person;
};
/// Of a step that was asked; handovers since then are counted in.
Asked asked_by(const plan::Plan& plan, const journal::RunState& state,
               const journal::StepState& step);

/// Granted when `refused` is empty; then as whom, for the record.
struct Leave {
  std::string refused;
  journal::Doer by;
};
/// Holder and deputy always may. Anybody else may as a stand-in who owes a reason, or, not being
/// recognised, for one who cannot be recognised either (not_checked).
Leave leave_for(const plan::Plan& plan, const Asked& asked, const Request& request);

/// `person`, `as` and `not_checked` of an entry's data, as far as they are known.
void put(Json& data, const journal::Doer& by);

}  // namespace muster::engine
