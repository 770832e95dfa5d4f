#include "engine/effects.hpp"

#include <fmt/format.h>

#include <memory>

#include "base/text.hpp"
#include "engine/hosts.hpp"
#include "journal/kinds.hpp"

namespace muster::engine {

namespace kinds = journal::kinds;
using journal::EffectStatus;
using ports::Answer;
using ports::Said;
using ports::Verb;

std::map<std::string, std::string> fields_of(const std::string& evidence) {
  std::map<std::string, std::string> out;
  for (const auto& line : split(evidence, '\n'))
    if (const auto eq = line.find('='); eq != std::string::npos && eq > 0)
      out[line.substr(0, eq)] = line.substr(eq + 1);
  return out;
}

std::string told(const Answer& answer) {
  std::string text = evidence_text(answer.output);
  if (text.empty()) text = evidence_text(answer.evidence);
  if (answer.said == Said::unknown && text.empty()) text = "no answer came";
  return fmt::format("{}{}{}", ports::name_of(answer.said), text.empty() ? "" : ": ", text);
}

std::string Effects::announce(const Wanted& wanted) {
  const std::string id = core_.settings().new_id();
  const std::string& at = core_.plan().armed_at(*wanted.script, wanted.host);
  journal::Draft d = Core::draft(kinds::kEffectIntent);
  d.intent_ref = id;
  d.step = wanted.step;
  d.target.host = wanted.host;
  d.revert = fmt::format("{} at {}, script {}", catalogue::name_of(wanted.script->healer), at,
                         hex(wanted.script->sha256));
  d.data = Json{{"at", at},
                {"script", wanted.script->name},
                {"sha256", hex(wanted.script->sha256)},
                {"values", wanted.values},
                {"restore", wanted.restore}};
  core_.record(std::move(d));
  return id;
}

ports::Call Effects::call_for(const journal::EffectState& e, Verb verb) const {
  ports::Call call;
  call.host = core_.plan().hosts.at(e.at).address;
  call.verb = verb;
  call.effect = e.id;
  call.values = {{"store", core_.settings().store},
                 {"epoch", std::to_string(core_.settings().context.epoch)},
                 {"fault", e.script},
                 {"host", e.host}};
  return call;
}

void Effects::arm(const std::string& id, Done done) {
  const auto& e = effect(id);
  const plan::Script& script = core_.plan().scripts.at(e.script);
  ports::Call call = call_for(e, Verb::arm);
  call.script = script.text;
  call.values["sha256"] = hex(script.sha256);
  call.values["lease_until_cs"] = lease_until(e.at);
  call.values["boot_id"] = boot_of(e.at);
  const auto cap = core_.plan().max_duration + core_.settings().lease + std::chrono::minutes{5};
  call.values["cap_s"] =
      std::to_string(std::chrono::duration_cast<std::chrono::seconds>(cap).count());
  for (const auto& [name, value] : e.values) call.values["p_" + name] = value;
  core_.call(std::move(call), false, [this, id, done = std::move(done)](const Answer& answer) {
    const std::string at = effect(id).at;
    if (effect(id).status != EffectStatus::intent) return done(false, "it was reverted meanwhile");
    if (started_anew(at, answer))
      return lock_again(at, [this, id, done](bool ok, const std::string& why) {
        if (effect(id).status != EffectStatus::intent)
          return done(false, "it was reverted meanwhile");
        ok ? arm(id, done) : not_armed(id, why, done);
      });
    note_uptime(at, answer);
    if (answer.said != Said::yes) return not_armed(id, told(answer), done);
    journal::Draft d = core_.about(kinds::kEffectArmed, effect(id));
    d.data = Json{{"evidence", evidence_text(answer.evidence)}};
    core_.record(std::move(d));
    core_.record(core_.about(kinds::kEffectInjecting, effect(id)));
    keep_lease(at);
    done(true, {});
  });
}

void Effects::not_armed(const std::string& id, const std::string& why, const Done& done) {
  journal::Draft d = core_.about(kinds::kEffectUnknown, effect(id));
  d.data = Json{{"why", "its undo could not be armed; " + why}};
  core_.record(std::move(d));
  revert(id, "it could not be armed",
         [done, said = effect(id).why](bool, const std::string&) { done(false, said); });
}

std::string Effects::boot_of(const std::string& host) const {
  const auto known = core_.state().hosts.find(host);
  if (known == core_.state().hosts.end()) return {};
  const auto boot = known->second.facts.find("boot_id");
  return boot == known->second.facts.end() ? std::string{} : boot->second;
}

bool Effects::started_anew(const std::string& host, const Answer& answer) const {
  const auto fields = fields_of(answer.evidence);
  const auto boot = fields.find("boot_id");
  return answer.said == Said::expired && boot != fields.end() && boot->second != boot_of(host);
}

void Effects::lock_again(const std::string& host, Done done) {
  ports::Call call;
  call.host = core_.plan().hosts.at(host).address;
  call.verb = Verb::facts;
  core_.call(std::move(call), false, [this, host, done = std::move(done)](const Answer& facts) {
    const auto failed = [host](const Answer& answer) {
      return fmt::format("{} was started anew, and could not be locked again; {}", host,
                         told(answer));
    };
    if (facts.said != Said::yes) return done(false, failed(facts));
    core_.record(facts_entry(core_, host, facts, {}));
    note_uptime(host, facts);
    if (host == core_.plan().guardian) return done(true, {});  // it is never locked
    core_.call(lock_call(core_, host), false, [done, failed](const Answer& lock) {
      done(lock.said == Said::yes, lock.said == Said::yes ? std::string{} : failed(lock));
    });
  });
}

void Effects::inject(const std::string& id, const std::string& standard_input, Done done) {
  ports::Call call = call_for(effect(id), Verb::inject);
  call.within = core_.settings().revert_within;
  call.standard_input = standard_input;
  core_.call(std::move(call), false, [this, id, done = std::move(done)](const Answer& answer) {
    if (effect(id).status != EffectStatus::injecting)
      return done(false, "it was reverted meanwhile");
    if (answer.said == Said::yes) {
      proven(id, answer.sent, answer.done, answer.evidence);
      return done(true, {});
    }
    journal::Draft d = core_.about(kinds::kEffectUnknown, effect(id));
    d.data = Json{{"why", "it was not proven to have taken effect; " + told(answer)}};
    core_.record(std::move(d));
    const std::string why = effect(id).why;
    revert(id, "it was not proven", [done, why](bool, const std::string&) { done(false, why); });
  });
}

void Effects::proven(const std::string& id, Instant sent, Instant done,
                     const std::string& evidence) {
  journal::Draft d = core_.about(kinds::kEffectActive, effect(id));
  d.data = Json{{"sent", journal::json_ns(ns(sent))},
                {"done", journal::json_ns(ns(done))},
                {"evidence", evidence_text(evidence)}};
  core_.record(std::move(d));
}

// Reverts
// --------------------------------------------------------------------------------------------------

void Effects::revert(const std::string& id, const std::string& why, Done done) {
  const EffectStatus status = effect(id).status;
  if (journal::is_over(status) && status != EffectStatus::held) return done(true, {});
  const bool running = reverting_.contains(id);
  Reverting& r = reverting_[id];
  r.done.push_back(std::move(done));
  if (running) return;
  r.since = core_.now();
  journal::Draft d = core_.about(kinds::kEffectReverting, effect(id));
  d.data = Json{{"why", why}};
  core_.record(std::move(d));
  try_revert(id);
}

void Effects::try_revert(const std::string& id) {
  const auto& e = effect(id);
  ports::Call call = call_for(e, Verb::revert);
  call.within = core_.settings().revert_within;
  if (!core_.taken_over()) {
    // A host that lost its memory of the effect (a reboot) undoes it all the same. After a takeover
    // only what the target itself remembers is undone: this record may be an old copy, and its
    // undos done long ago.
    const plan::Script& script = core_.plan().scripts.at(e.script);
    call.script = script.text;
    call.values["sha256"] = hex(script.sha256);
    for (const auto& [name, value] : e.values) call.values["p_" + name] = value;
  }
  reverting_.at(id).call_out = true;
  ++reverting_.at(id).attempts;
  core_.call(std::move(call), true,
             [this, id](const Answer& answer) { revert_answered(id, answer); });
}

void Effects::revert_answered(const std::string& id, const Answer& answer) {
  const auto it = reverting_.find(id);
  if (it == reverting_.end()) return;  // given up meanwhile
  it->second.call_out = false;
  auto next = std::exchange(it->second.next, nullptr);
  const auto fields = fields_of(answer.evidence);
  if (answer.said == Said::yes && core_.taken_over() && effect(id).injected_once &&
      fields.contains("absent")) {
    finish_revert(id, false,
                  "the target remembers nothing of it (was it rebooted?): whether it is undone "
                  "cannot be told from here");
  } else if (answer.said == Said::yes) {
    const auto by = fields.find("healed_by");
    std::string healed_by = by == fields.end() ? "revert" : by->second;
    if (healed_by != "lease" && mended_.contains(id)) healed_by = "responder";
    journal::Draft d = core_.about(
        healed_by == "lease" ? kinds::kEffectSelfReverted : kinds::kEffectReverted, effect(id));
    d.data = Json{{"healed_by", healed_by}, {"evidence", evidence_text(answer.evidence)}};
    core_.record(std::move(d));
    // Not healing: the tombstone on the target stays until REVERTED is durable.
    core_.call(call_for(effect(id), Verb::disarm), false, [](const Answer&) {});
    finish_revert(id, true, {});
  } else if (impatient_ || (it->second.attempts > 1 &&
                            core_.now() - it->second.since >= core_.settings().revert_patience)) {
    // Twice at least: one lost answer to a long undo must not use up all the patience.
    finish_revert(id, false, told(answer));
  } else {
    core_.at(core_.now() + core_.settings().retry_every, [this, id] {
      if (reverting_.contains(id) && !reverting_.at(id).call_out) try_revert(id);
    });
  }
  if (next) next();
}

void Effects::finish_revert(const std::string& id, bool ok, const std::string& why) {
  if (!ok) {
    journal::Draft d = core_.about(kinds::kEffectRevertFailed, effect(id));
    d.data = Json{{"why", why}};
    core_.record(std::move(d));
  }
  const auto node = reverting_.extract(id);
  for (const auto& done : node.mapped().done) done(ok, why);
  if (node.mapped().next) node.mapped().next();
}

void Effects::stop_waiting() {
  impatient_ = true;
  std::vector<std::string> ids;
  for (const auto& [id, r] : reverting_) ids.push_back(id);
  for (const auto& id : ids)
    if (reverting_.contains(id))
      finish_revert(id, false, "a person asked not to wait for it any longer");
}

bool Effects::is_due(const journal::EffectState& e) const {
  // Held for a no-return step that was never taken: then nothing is built upon it.
  if (e.status == EffectStatus::held) return !core_.state().past_no_return();
  // One that could not be reverted is tried again only by a new process: this one had its patience.
  if (e.status == EffectStatus::revert_failed) return core_.taken_over();
  return !journal::is_over(e.status);
}

void Effects::revert_all(const std::string& why, std::function<void()> done) {
  // The last one first, and the next one when the first attempt of the one before was answered: an
  // undo may rest on what an earlier effect left standing.
  auto ids = std::make_shared<std::vector<std::string>>();
  for (const auto& e : core_.state().effects)
    if (is_due(e)) ids->push_back(e.id);
  auto left = std::make_shared<std::size_t>(ids->size());
  if (ids->empty()) return done();
  auto step = std::make_shared<std::function<void()>>();
  *step = [this, ids, left, why, done = std::move(done), weak = std::weak_ptr{step}] {
    if (ids->empty()) return;
    const std::string id = ids->back();
    ids->pop_back();
    auto self = weak.lock();
    revert(id, why, [left, done, self](bool, const std::string&) {
      if (--*left == 0) done();
    });
    if (const auto it = reverting_.find(id); it != reverting_.end())
      it->second.next = [self] { (*self)(); };
    else if (self)
      (*self)();
  };
  (*step)();
}

// No return
// ------------------------------------------------------------------------------------------------

void Effects::hold_all(Done done) {
  // What is neither proven nor over can be undone by its dead-man at any moment: in doubt it is not
  // gone on.
  for (const auto& e : core_.state().effects)
    if (!journal::is_over(e.status) && e.status != EffectStatus::active)
      return done(false, fmt::format("{} on {} is {}: nothing can be built upon it", e.script,
                                     e.host, name_of(e.status)));
  std::vector<std::string> ids;
  for (const auto& e : core_.state().effects)
    if (e.status == EffectStatus::active) ids.push_back(e.id);
  for (const auto& id : ids) core_.record(core_.about(kinds::kEffectHeld, effect(id)));
  if (ids.empty()) return done(true, {});
  auto left = std::make_shared<std::size_t>(ids.size());
  auto problem = std::make_shared<std::string>();
  for (const auto& id : ids)
    core_.call(call_for(effect(id), Verb::hold), false,
               [this, id, ids, left, problem, done](const Answer& answer) {
                 if (answer.said != Said::yes)
                   *problem = fmt::format("the dead-man of {} on {} could not be taken off; {}",
                                          effect(id).script, effect(id).host, told(answer));
                 if (--*left > 0) return;
                 // Nothing that cannot be taken back has happened yet: in doubt stop and revert,
                 // also what was to be held.
                 if (!problem->empty())
                   for (const auto& held : ids)
                     revert(held, "the no-return step was not taken",
                            [](bool, const std::string&) {});
                 done(problem->empty(), *problem);
               });
}

void Effects::disarm_held(std::function<void()> done) {
  auto left = std::make_shared<std::size_t>(1);
  auto one = std::make_shared<std::function<void()>>([left, done = std::move(done)] {
    if (--*left == 0) done();
  });
  for (const auto& e : core_.state().effects)
    if (e.status == EffectStatus::held) {
      ++*left;
      ports::Call call = call_for(e, Verb::disarm);
      call.values["force"] = "yes";  // it is live, and meant to be
      core_.call(std::move(call), true, [one](const Answer&) { (*one)(); });
    }
  (*one)();
}

}  // namespace muster::engine
