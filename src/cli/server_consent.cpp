// Who must have agreed before a server starts a drill.
#include <fmt/format.h>

#include "adapters/signatures/keygen.hpp"
#include "api/desk.hpp"
#include "cli/freeze_watch.hpp"
#include "cli/server.hpp"
#include "consent/statement.hpp"

namespace muster::cli {

consent::Consent Server::consent_to_start(const plan::Plan& plan, const consent::Starter& starter,
                                          bool allow_production) const {
  return basis_.ask(plan, session_->store_id(), library_.witnesses(), starter, wall(),
                    allow_production);
}

std::string Server::missing(const schedule::Occurrence& occurrence) const {
  const auto plan = library_.plan(occurrence.drill);
  if (!plan) return "its plan cannot be made: " + plan.error().what;
  const auto consent =
      consent_to_start(*plan, {"schedule", "", false, false}, options_.allow_production);
  if (!consent.given()) return to_string(consent.missing.front());
  // Read once more: what the scheduler knows of the calendars may be some seconds old.
  if (const auto frozen =
          freeze_watch(session_->workspace(), library_.tables().at(occurrence.drill))();
      !frozen.empty())
    return "frozen: " + frozen;
  return not_announced(occurrence);
}

/// A person who asks for a start; with a signature, as its signer.
Result<Server::Asker> Server::asker_of(const api::DrillRequest& request, const plan::Plan& plan) {
  Asker out{{request.actor.principal, "", true, false}, request.actor, {}};
  constexpr std::string_view kUnix = "unix:";
  if (request.proof.empty()) {
    if (request.actor.principal.starts_with(kUnix))
      if (const auto* person =
              library_.people().with_unix_user(request.actor.principal.substr(kUnix.size())))
        out.starter.person = person->id;
    return out;
  }
  const auto said = consent::read_statement(request.proof.text);
  if (!said) return said.error();
  const auto* signer = plan.anybody(said->person);
  if (!signer || signer->ssh_key.empty())
    return Error{fmt::format("{} is nobody of this drill who can sign", said->person)};
  if (auto why = api::stale(said->at, wall()); !why.empty()) return Error{why};
  // What an earlier process let through is not remembered: nothing of its time is taken.
  if (said->at < opened_at_) return Error{"it was signed before this server began: sign anew"};
  const auto good =
      signatures::verify({signer->id, signer->ssh_key, std::string{consent::kNamespace},
                          request.proof.text, request.proof.signature});
  if (!good) return good.error();
  if (!nonces_.insert(said->nonce).second)
    return Error{"it is a copy of what was asked before: sign anew"};
  out.actor = consent::actor_of(signer->id);
  out.starter = {out.actor.principal, signer->id, true, true};
  out.proof = request.proof;
  out.proof.carried_by = request.actor.principal;
  return out;
}

}  // namespace muster::cli
