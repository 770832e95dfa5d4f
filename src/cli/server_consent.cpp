// Who must have agreed before a server starts a drill, and whom it tells.
#include <fmt/format.h>

#include "adapters/signatures/keygen.hpp"
#include "api/desk.hpp"
#include "cli/server.hpp"
#include "consent/statement.hpp"
#include "notify/of_run.hpp"
#include "plan/compile.hpp"

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
  return untold(occurrence, *plan);
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

notify::Occurrence Server::told_of(const schedule::Occurrence& occurrence,
                                   const plan::Plan& plan) const {
  notify::Occurrence out;
  out.drill = occurrence.drill;
  out.title = plan.title;
  out.owner = plan.owner;
  out.environments = notify::environments_of(plan);
  out.nominal = schedule::format_local(occurrence.nominal) + " " +
                library_.tables().at(occurrence.drill).schedule->zone().name();
  out.at = occurrence.is_surprise() ? occurrence.window.from : occurrence.earliest();
  return out;
}

void Server::announce(const scheduler::Announce& due) {
  line(fmt::format("{} is to come in {}", due.occurrence.drill, format_duration(due.before)));
  if (!notifier_) return;
  if (const auto plan = library_.plan(due.occurrence.drill))
    notifier_->outbox().announce(told_of(due.occurrence, *plan), due.before);
}

/// A drill whose announcement reached nobody who was to know does not begin.
std::string Server::untold(const schedule::Occurrence& occurrence, const plan::Plan& plan) const {
  if (!notifier_) return {};
  const auto told = told_of(occurrence, plan);
  for (const auto& before : library_.tables().at(occurrence.drill).schedule->file().announce) {
    const auto how = notifier_->outbox().announced(told.drill, told.nominal, *before);
    if (how == notify::Announced::pending)
      return fmt::format("its announcement {} before is not delivered yet",
                         format_duration(*before));
    if (how == notify::Announced::failed)
      return fmt::format("its announcement {} before could not be delivered: `muster notify list`",
                         format_duration(*before));
  }
  return {};
}

}  // namespace muster::cli
