// May this plan start now, by this actor, and if not, what is missing? One pure function, for
// whoever starts runs: `muster run`, and a server by its schedules. docs/policy.md tells the rules.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "consent/approvals.hpp"
#include "plan/plan.hpp"

namespace muster::consent {

/// Who starts it. A schedule is no person: it owes no signature, and approves nothing.
struct Starter {
  std::string principal;  ///< "unix:ana", "person:ana", "schedule"
  std::string person;     ///< id of people.yaml; "": nobody of it
  bool is_person = true;
  bool has_signed = false;  ///< the start itself, with the person's key
};

/// Who else keeps the record's checkpoints.
struct Witnessing {
  std::size_t strong = 0;  ///< how many witnesses are not weak
  std::string untold;      ///< the one that should have been told last and was not, and why; or ""
};

struct Question {
  const plan::Plan& plan;
  std::string hash;   ///< of the plan, hex
  std::string store;  ///< the record that approvals must be for
  /// Of this plan; only those whose signatures are good (keys as the plan has them).
  std::vector<Approval> approvals;
  Starter starter;
  Witnessing witnesses;
  WallTime now{};
  bool allow_production = false;
};

struct Consent {
  std::vector<Error> missing;       ///< each with the command that gives it
  std::vector<Approval> stands_on;  ///< those that counted, one a person
  bool given() const { return missing.empty(); }
};

Consent consent(const Question& question);

/// Of a plan that touches production of which no policy speaks: somebody must say that they mean
/// it.
std::optional<Error> unallowed_production(const plan::Plan& plan, bool allowed);

/// "approvals" as run.opened tells them, beside other fields; null when there are none.
Json told(const Consent& consent);

/// Members of the demand's teams who can approve.
std::vector<const plan::Person*> approvers(const plan::Plan& plan, const plan::Demand& demand);
/// Until when an approval is good for this demand.
WallTime good_until(const Approval& approval, const plan::Demand& demand);

}  // namespace muster::consent
