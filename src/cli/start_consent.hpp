// Whether a plan may be started now: reads what consent/consent.hpp judges (approvals from the
// workspace's log, verified with ssh-keygen; witnesses) and asks it. For whoever starts runs.
#pragma once
#include <map>
#include <string>

#include "cli/person_key.hpp"
#include "cli/session.hpp"
#include "consent/consent.hpp"
#include "model/witnesses.hpp"

namespace muster::cli {

/// The approvals that the workspace's log holds. Works over a socket too.
Result<consent::Approvals> read_approvals(Session& session);
/// Those of the plan whose signatures are good, with the keys that the plan has. Starts a process
/// for each.
std::vector<consent::Approval> verified(const consent::Approvals& approvals, const plan::Plan& plan,
                                        const std::string& hash);

/// Of each witness, how it went when it was told last; "": it was told.
using Told = std::map<std::string, std::string>;
/// Adds one entry of the workspace's log; other kinds are passed over.
void note_told(Told& told, const journal::Entry& entry);
consent::Witnessing witnessing_of(const model::Witnesses& witnesses, const Told& told);

/// What the workspace's log says that a consent rests on, for whoever follows that log.
struct ConsentBasis {
  consent::Approvals approvals;
  Told told;
  void add(const journal::Entry& entry) {
    approvals.add(entry);
    note_told(told, entry);
  }
  /// Looks at signatures within the call (a process each): only plans under a policy have any.
  /// Tells no witness: one that was not told is missing.
  consent::Consent ask(const plan::Plan& plan, const std::string& store,
                       const model::Witnesses& witnesses, const consent::Starter& starter,
                       WallTime now, bool allow_production) const;
};

/// Needs a session that is open for writing: a witness that was not told is told now.
Result<consent::Consent> consent_to(Session& session, const plan::Plan& plan,
                                    const consent::Starter& starter, bool allow_production);

/// A person at this command line, who may sign the start.
struct PersonStarts {
  consent::Starter starter;
  journal::Actor actor;
  journal::SignedText proof;
};
Result<PersonStarts> person_starts(Session& session, const plan::Plan& plan, const SignWith& with);

/// What run.opened says of it: `approvals`, and the signed start.
Json opened_with(const consent::Consent& consent, const journal::SignedText& proof);

}  // namespace muster::cli
