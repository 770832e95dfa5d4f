#include "cli/start_consent.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "adapters/clock/asio_clock.hpp"
#include "adapters/signatures/keygen.hpp"
#include "cli/entries.hpp"
#include "cli/terminal.hpp"
#include "cli/who.hpp"
#include "cli/witnesses.hpp"
#include "journal/kinds.hpp"
#include "journal/logs.hpp"

namespace muster::cli {

namespace {

/// Calls `each` with what can be read; what cannot is `muster audit verify`'s business.
Result<> each_readable(Session& session, const std::function<void(const journal::Entry&)>& each) {
  const auto size =
      each_entry(session, journal::kWorkspaceLog, [&](const journal::Recorded& stored) {
        if (const auto entry = journal::read_entry(stored)) each(*entry);
      });
  if (!size) return size.error();
  return {};
}

Result<consent::Witnessing> witnessing(Session& session) {
  const auto all = witnesses_of(session.workspace());
  if (!all) return all.error();
  Told told;
  const auto read =
      each_readable(session, [&](const journal::Entry& entry) { note_told(told, entry); });
  if (!read) return read.error();
  return witnessing_of(all->witnesses, told);
}

/// The end of the last run reached no witness: now, perhaps.
Result<> tell_again(Session& session) {
  clock::AsioClock clock{session.io()};
  journal::Context context;
  context.boot_id = boot_id();
  context.actor = who_am_i();
  WorkspaceLog log{session, clock, context};
  if (const auto opened = log.open(); !opened) return opened;
  const auto notice = [](const std::string& line) { complain(Error{line}, 0); };
  Signer signer{session, clock, log, notice};
  if (const auto opened = signer.open(); !opened) return opened;
  if (const auto is_signed = signer.sign(); !is_signed) return is_signed;
  tell_witnesses(session, log, signer, notice);
  return {};
}

}  // namespace

void note_told(Told& told, const journal::Entry& entry) {
  if (entry.action != journal::kinds::kWitnessTold || !entry.data.is_object()) return;
  told[entry.data.value("witness", "")] =
      entry.outcome == "ok" ? "" : entry.data.value("why", "it is not known why");
}

consent::Witnessing witnessing_of(const model::Witnesses& witnesses, const Told& told) {
  consent::Witnessing out;
  bool one_has_it = false;
  for (const auto& witness : witnesses.all) {
    if (is_weak(witness)) continue;
    ++out.strong;
    const auto it = told.find(*witness.name);
    if (it == told.end() || it->second.empty())
      one_has_it = true;  // or there was nothing to tell it yet
    else
      out.untold = fmt::format("the witness {} was not told the newest checkpoint: {}",
                               *witness.name, it->second);
  }
  if (one_has_it) out.untold.clear();
  return out;
}

Result<consent::Approvals> read_approvals(Session& session) {
  consent::Approvals approvals;
  const auto read =
      each_readable(session, [&](const journal::Entry& entry) { approvals.add(entry); });
  if (!read) return read.error();
  return approvals;
}

std::vector<consent::Approval> verified(const consent::Approvals& approvals, const plan::Plan& plan,
                                        const std::string& hash) {
  auto all = approvals.of(hash);
  std::erase_if(all, [&](const consent::Approval& approval) {
    const auto* person = plan.anybody(approval.said.person);
    return !person || person->ssh_key.empty() ||
           !signatures::verify({person->id, person->ssh_key, std::string{consent::kNamespace},
                                approval.proof.text, approval.proof.signature});
  });
  return all;
}

consent::Consent ConsentBasis::ask(const plan::Plan& plan, const std::string& store,
                                   const model::Witnesses& witnesses,
                                   const consent::Starter& starter, WallTime now,
                                   bool allow_production) const {
  consent::Question question{
      plan, hex(plan::content_hash(plan)), store, {}, starter, {}, now, allow_production};
  if (!plan.policy.empty()) {
    question.approvals = verified(approvals, plan, question.hash);
    question.witnesses = witnessing_of(witnesses, told);
  }
  return consent::consent(question);
}

Result<consent::Consent> consent_to(Session& session, const plan::Plan& plan,
                                    const consent::Starter& starter, bool allow_production) {
  consent::Question question{plan,
                             hex(plan::content_hash(plan)),
                             session.store_id(),
                             {},
                             starter,
                             {},
                             {},
                             allow_production};
  question.now = std::chrono::time_point_cast<Duration>(std::chrono::system_clock::now());
  if (plan.policy.empty()) return consent::consent(question);
  const auto approvals = read_approvals(session);
  if (!approvals) return approvals.error();
  question.approvals = verified(*approvals, plan, question.hash);
  const bool wants_witness = std::any_of(plan.policy.begin(), plan.policy.end(),
                                         [](const auto& demand) { return demand.witness; });
  if (wants_witness) {
    auto witnesses = witnessing(session);
    if (witnesses && !witnesses->untold.empty()) {
      if (const auto told = tell_again(session); !told) return told.error();
      witnesses = witnessing(session);
    }
    if (!witnesses) return witnesses.error();
    question.witnesses = *witnesses;
  }
  return consent::consent(question);
}

Result<PersonStarts> person_starts(Session& session, const plan::Plan& plan, const SignWith& with) {
  const auto people = people_of(session.workspace());
  if (!people) return people.error();
  PersonStarts out;
  out.actor = who_am_i();
  out.starter.principal = out.actor.principal;
  if (!with.wanted && with.key_file.empty() && with.person.empty()) {
    const auto* person = people->with_unix_user(
        std::string_view{out.actor.principal}.substr(std::string_view{"unix:"}.size()));
    if (person) out.starter.person = person->id;
    return out;
  }
  const auto person = who_signs(*people, with);
  if (!person) return person.error();
  consent::Statement statement;
  statement.what = consent::Statement::What::start;
  statement.store = session.store_id();
  statement.drill = plan.drill;
  statement.plan = hex(plan::content_hash(plan));
  auto proof = signed_by(*person, with, std::move(statement));
  if (!proof) return proof.error();
  out.proof = *std::move(proof);
  out.proof.carried_by = out.actor.principal;
  out.actor = consent::actor_of(person->id);
  out.starter = {out.actor.principal, person->id, true, true};
  return out;
}

Json opened_with(const consent::Consent& consent, const journal::SignedText& proof) {
  Json out = Json::object();
  if (auto approvals = consent::told(consent); !approvals.is_null())
    out["approvals"] = std::move(approvals);
  put(out, proof);
  return out;
}

}  // namespace muster::cli
