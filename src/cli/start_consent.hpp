// Whether a plan may be started now: reads what consent/consent.hpp judges (approvals from the
// workspace's log, verified with ssh-keygen; witnesses) and asks it. For whoever starts runs.
#pragma once
#include "cli/person_key.hpp"
#include "cli/session.hpp"
#include "consent/consent.hpp"

namespace muster::cli {

/// The approvals that the workspace's log holds. Works over a socket too.
Result<consent::Approvals> read_approvals(Session& session);
/// Those of the plan whose signatures are good, with the keys that the plan has. Starts a process
/// for each.
std::vector<consent::Approval> verified(const consent::Approvals& approvals, const plan::Plan& plan,
                                        const std::string& hash);

/// What may be done meanwhile about a witness that was not told.
enum class Untold {
  tell_now,  ///< the session is open for writing, and nobody else in this process writes its log
  leave      ///< the server's own runs tell it
};
Result<consent::Consent> consent_to(Session& session, const plan::Plan& plan,
                                    const consent::Starter& starter, bool allow_production,
                                    Untold untold);

/// A person at this command line, who may sign the start.
struct PersonStarts {
  consent::Starter starter;
  journal::Actor actor;
  journal::SignedText proof;
};
Result<PersonStarts> person_starts(Session& session, const plan::Plan& plan, const SignWith& with);

/// On what a run stands that is started another way than at this command line: by a schedule, or by
/// a request to a server, which may be signed (then fresh and seen for the first time: the server's
/// business).
struct Standing {
  Json opened;               ///< for run.opened, an object
  journal::Actor opened_by;  ///< without a principal: as the kernel says
};
/// An error: everything that is missing.
Result<Standing> stand(Session& session, const plan::Plan& plan, const journal::Actor& actor,
                       const journal::SignedText& proof, bool allow_production, Untold untold);

/// What run.opened says of it: `approvals`, and the signed start.
Json opened_with(const consent::Consent& consent, const journal::SignedText& proof);

}  // namespace muster::cli
