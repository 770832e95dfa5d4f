#include "journal/run_state.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <functional>
#include <utility>

#include "journal/data.hpp"
#include "journal/kinds.hpp"

namespace muster::journal {
namespace {

std::map<std::string, std::string> texts(const Json& data, const char* key) {
  std::map<std::string, std::string> out;
  if (!data.is_object() || !data.contains(key) || !data.at(key).is_object()) return out;
  for (const auto& [name, value] : data.at(key).items())
    if (value.is_string()) out[name] = value.get<std::string>();
  return out;
}

std::optional<Instant> moment_of(const Json& data, const char* key) {
  if (!data.is_object() || !data.contains(key)) return std::nullopt;
  const auto n = ns_from_json(data.at(key));
  if (!n) return std::nullopt;
  return instant(*n);
}

Error refuse(const Entry& e, std::string_view why) {
  return {fmt::format("entry {} ({}) cannot be folded: {}", e.seq, e.action, why),
          "the record is incomplete or damaged; `muster audit verify` says where"};
}

// One function a family of kinds; each gets the state and the entry and says what is wrong, or "".
using Fold = std::string (*)(RunState&, const Entry&);

std::string on_run(RunState& s, const Entry& e) {
  if (e.action == kinds::kRunOpened) {
    s.run = e.run;
    s.drill = e.drill;
    s.opened = e.data;
    s.actor = e.actor;
    s.opened_at = e.at;
    s.opened_wall = e.ts;
  } else if (e.action == kinds::kRunPreflight) {
    auto& host = s.hosts[e.target.host];
    host.ok = e.outcome == "ok";
    host.facts = texts(e.data, "facts");
    host.problems.clear();
    if (e.data.is_object() && e.data.contains("problems"))
      for (const auto& p : e.data.at("problems"))
        if (p.is_string()) host.problems.push_back(p.get<std::string>());
    const auto lo = moment_of(e.data, "offset_lo"), hi = moment_of(e.data, "offset_hi");
    if (lo && hi) host.clock_offset = Span{lo->time_since_epoch(), hi->time_since_epoch()};
  } else if (e.action == kinds::kRunTargets) {
    // A drill may have none; what is empty is not stored.
    if (!e.data.is_object() && !e.data.is_null()) return "it names no targets";
    for (const auto& [slot, hosts] : e.data.items())
      if (hosts.is_array()) s.targets[slot] = hosts.get<std::vector<std::string>>();
  } else if (e.action == kinds::kRunBegan) {
    s.began_at = e.at;
    s.began_wall = e.ts;
    s.began = e.data;
  } else if (e.action == kinds::kRunClosed) {
    s.closed = true;
    s.closed_at = e.at;
    s.closed_wall = e.ts;
  }
  return {};
}

/// Whose signatures a step waits for.
void read_wanted(StepState& step, const Json& data) {
  if (!data.is_object() || !data.contains("approve") || !data.at("approve").is_object()) return;
  const auto& wanted = data.at("approve");
  step.approve_from.clear();
  if (wanted.contains("from") && wanted.at("from").is_array())
    for (const auto& team : wanted.at("from"))
      if (team.is_string()) step.approve_from.push_back(team.get<std::string>());
  if (wanted.contains("need") && wanted.at("need").is_number_unsigned())
    step.approve_need = wanted.at("need").get<unsigned>();
}

std::string on_step(RunState& s, const Entry& e) {
  if (e.step.empty()) return "it names no step";
  auto& step = s.steps[e.step];
  step.id = e.step;
  if (e.action == kinds::kStepStarted) {
    step.status = StepStatus::running;
    step.started = e.at;
    step.started_wall = e.ts;
  } else if (e.action == kinds::kStepAsked) {
    step.status = StepStatus::asked;
    step.asked_of = text_in(e.data, "person");
    step.role = text_in(e.data, "role");
    step.escalated_from = text_in(e.data, "escalated_from");
    step.asked_at = e.at;
    step.asked_wall = e.ts;
    step.say = text_in(e.data, "say");
    read_wanted(step, e.data);
    step.answer_specs = e.data.is_object() ? e.data.value("answers", Json{}) : Json{};
    step.answer_by = e.deadline;
  } else if (e.action == kinds::kStepAnswered) {
    step.answers = texts(e.data, "answers");
    // "late": nobody answered, the run took the defaults by itself.
    if (e.outcome != "late") step.answered_by = e.actor.principal;
    step.status = StepStatus::running;
  } else if (e.action == kinds::kStepNoReturn) {
    step.no_return = true;
    for (auto& effect : s.effects)
      if (effect.status == EffectStatus::held && effect.built_upon.empty())
        effect.built_upon = e.step;
  } else if (e.action == kinds::kStepFinished) {
    constexpr std::array<std::pair<std::string_view, StepStatus>, 4> outcomes{
        {{"passed", StepStatus::passed},
         {"failed", StepStatus::failed},
         {"unknown", StepStatus::unknown},
         {"skipped", StepStatus::skipped}}};
    const auto it = std::find_if(outcomes.begin(), outcomes.end(),
                                 [&](const auto& o) { return o.first == e.outcome; });
    if (it == outcomes.end()) return "its outcome is none of passed, failed, unknown, skipped";
    step.status = it->second;
    step.finished = e.at;
    step.finished_wall = e.ts;
    step.why = text_in(e.data, "why");
    step.evidence = text_in(e.data, "evidence");
    step.output = text_in(e.data, "output");
    step.mark = text_in(e.data, "mark");
    if (e.data.is_object() && e.data.contains("restore")) step.restore = e.data.at("restore");
    if (!step.mark.empty()) s.moments.push_back({step.mark, e.step, e.at, e.ts});
  }
  return {};
}

std::string on_intent(RunState& s, const Entry& e) {
  if (e.intent_ref.empty()) return "it names no effect";
  if (s.effect(e.intent_ref)) return "this effect was announced before";
  EffectState effect;
  effect.id = e.intent_ref;
  effect.step = e.step;
  effect.host = e.target.host;
  effect.at = text_in(e.data, "at");
  effect.script = text_in(e.data, "script");
  effect.sha256 = text_in(e.data, "sha256");
  effect.values = texts(e.data, "values");
  effect.restore = e.data.is_object() && e.data.value("restore", false);
  if (effect.host.empty() || effect.at.empty() || effect.script.empty() || effect.sha256.empty())
    return "it lacks host, at, script or sha256";
  s.effects.push_back(std::move(effect));
  return {};
}

std::string on_effect(RunState& s, const Entry& e) {
  if (e.action == kinds::kEffectIntent) return on_intent(s, e);
  EffectState* effect = s.effect(e.intent_ref);
  if (!effect) return fmt::format("no effect.intent announced the effect '{}'", e.intent_ref);
  if (e.action == kinds::kEffectArmed) {
    effect->status = EffectStatus::armed;
  } else if (e.action == kinds::kEffectInjecting) {
    effect->status = EffectStatus::injecting;
    effect->injected_once = true;
    if (!effect->injecting_at) effect->injecting_at = e.at;
  } else if (e.action == kinds::kEffectActive) {
    effect->status = EffectStatus::active;
    effect->proven = true;
    effect->inject_sent = moment_of(e.data, "sent");
    effect->inject_done = moment_of(e.data, "done");
    effect->evidence = text_in(e.data, "evidence");
  } else if (e.action == kinds::kEffectUnknown) {
    effect->status = EffectStatus::unknown;
    effect->why = text_in(e.data, "why");
  } else if (e.action == kinds::kEffectReverting) {
    effect->status = EffectStatus::reverting;
    effect->forgotten = effect->forgotten || flag_in(e.data, "forgotten");
  } else if (e.action == kinds::kEffectReverted || e.action == kinds::kEffectSelfReverted) {
    effect->status =
        e.action == kinds::kEffectReverted ? EffectStatus::reverted : EffectStatus::self_reverted;
    effect->reverted_at = e.at;
    effect->healed_by = text_in(e.data, "healed_by");
    effect->clean_evidence = text_in(e.data, "evidence");
  } else if (e.action == kinds::kEffectRevertFailed) {
    effect->status = EffectStatus::revert_failed;
    effect->why = text_in(e.data, "why");
    effect->unreachable = flag_in(e.data, "unreachable");
  } else if (e.action == kinds::kEffectHeld) {
    effect->status = EffectStatus::held;
    effect->held_once = true;
  } else if (e.action == kinds::kEffectMoot) {
    effect->status = EffectStatus::moot;
    effect->why = text_in(e.data, "why");
    effect->wiped = flag_in(e.data, "wiped");
    effect->mended = flag_in(e.data, "mended");
  }
  return {};
}

std::string on_rest(RunState& s, const Entry& e) {
  if (e.action == kinds::kRequest || e.action == kinds::kRoleAssumed || e.action == kinds::kNote ||
      e.action == kinds::kCorrection) {
    return fold_people(s, e);
  } else if (e.action == kinds::kAlertSeen) {
    return fold_alert(s, e);
  } else if (e.action == kinds::kLeaseLost) {
    s.hosts[e.target.host].lease_lost = true;
  } else if (e.action == kinds::kLeaseRegained) {
    s.hosts[e.target.host].lease_lost = false;
  } else if (e.action == kinds::kSamplesSealed) {
    const std::string service = text_in(e.data, "service");
    if (service.empty()) return "it names no service";
    const std::uint64_t count = e.data.contains("count") && e.data.at("count").is_number_unsigned()
                                    ? e.data.at("count").get<std::uint64_t>()
                                    : 0;
    s.samples[service].push_back({text_in(e.data, "blob"), count});
  } else if (e.action == kinds::kMeasured) {
    s.measured.push_back(e);
  } else if (e.action == kinds::kVerdict) {
    s.result = e.outcome;
    s.verdict = e.data;
  } else if (e.action == kinds::kTakeover) {
    s.epoch = e.epoch;
  }
  return {};
}

}  // namespace

std::string_view name_of(EffectStatus status) {
  constexpr std::array<std::string_view, 11> names{
      "intent",   "armed",         "injecting",     "active", "unknown", "reverting",
      "reverted", "self-reverted", "revert failed", "held",   "moot"};
  return names[static_cast<std::size_t>(status)];
}

bool is_over(EffectStatus s) {
  return s == EffectStatus::reverted || s == EffectStatus::self_reverted ||
         s == EffectStatus::held || s == EffectStatus::moot;
}

bool may_be_live(EffectStatus s) {
  return s != EffectStatus::intent && s != EffectStatus::reverted &&
         s != EffectStatus::self_reverted && s != EffectStatus::moot;
}

std::string_view name_of(StepStatus status) {
  constexpr std::array<std::string_view, 7> names{"waiting", "running", "asked",  "passed",
                                                  "failed",  "unknown", "skipped"};
  return names[static_cast<std::size_t>(status)];
}

bool is_over(StepStatus s) {
  return s != StepStatus::waiting && s != StepStatus::running && s != StepStatus::asked;
}

const EffectState* RunState::effect(std::string_view id) const {
  const auto it =
      std::find_if(effects.begin(), effects.end(), [&](const auto& e) { return e.id == id; });
  return it == effects.end() ? nullptr : &*it;
}

EffectState* RunState::effect(std::string_view id) {
  return const_cast<EffectState*>(std::as_const(*this).effect(id));
}

const Tenure* RunState::tenure(std::string_view role) const {
  const auto it = std::find_if(tenures.rbegin(), tenures.rend(),
                               [&](const Tenure& t) { return t.role == role; });
  return it == tenures.rend() ? nullptr : &*it;
}

bool RunState::past_no_return() const {
  return std::any_of(steps.begin(), steps.end(), [](const auto& s) { return s.second.no_return; });
}

Result<> apply(RunState& state, const Entry& entry) {
  Fold fold = on_rest;
  if (entry.action.starts_with("run.")) fold = on_run;
  if (entry.action.starts_with("step.")) fold = on_step;
  if (entry.action.starts_with("effect.")) fold = on_effect;
  if (entry.action.starts_with("guardrail.")) fold = fold_guards;
  if (!kinds::known(entry.action)) {
    state.unknown_kinds.push_back(entry.action);
    fold = nullptr;
  }
  if (fold)
    if (const std::string why = fold(state, entry); !why.empty()) return refuse(entry, why);
  state.epoch = std::max(state.epoch, entry.epoch);
  ++state.size;
  return {};
}

Entry entry_of(const Draft& draft, const Context& context) {
  Entry e;
  e.ts = draft.ts;
  e.at = draft.at;
  e.boot_id = context.boot_id;
  e.epoch = context.epoch;
  e.actor = draft.actor.principal.empty() ? context.actor : draft.actor;
  e.action = draft.action;
  e.drill = draft.drill.empty() ? context.drill : draft.drill;
  e.run = draft.run.empty() ? context.run : draft.run;
  e.step = draft.step;
  e.target = draft.target;
  e.intent_ref = draft.intent_ref;
  e.revert = draft.revert;
  e.deadline = draft.deadline;
  e.outcome = draft.outcome;
  e.data = draft.data;
  return e;
}

}  // namespace muster::journal
