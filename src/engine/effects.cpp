#include "engine/effects.hpp"

#include <fmt/format.h>

#include "base/text.hpp"
#include "engine/hosts.hpp"
#include "journal/kinds.hpp"
#include "plan/calls.hpp"

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
  // Who does not know that an effect is held must not undo it there.
  if (e.held_once) call.values["held"] = "yes";
  return call;
}

void Effects::arm(const std::string& id, Done done) {
  const auto& e = effect(id);
  const plan::Script& script = core_.plan().scripts.at(e.script);
  ports::Call call = call_for(e, Verb::arm);
  call.script = script.text;
  call.values["drill"] = core_.settings().context.drill;
  call.values["who"] = core_.settings().context.actor.principal;
  call.values["sha256"] = hex(script.sha256);
  call.values["lease_until_cs"] = lease_until(e.at);
  call.values["boot_id"] = boot_of(e.at);
  const auto cap = plan::effect_cap(core_.plan(), core_.settings().lease);
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

}  // namespace muster::engine
