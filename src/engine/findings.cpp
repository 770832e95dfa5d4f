#include "engine/findings.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "catalogue/restore.hpp"

namespace muster::engine {

using journal::EffectState;
using journal::EffectStatus;
using journal::StepStatus;
using measure::Interval;
using measure::Moment;

namespace {

/// The first disruption: of the effects that are no restores, the one that was put in first. (They
/// stand in the order of their intents; one may take its time to be armed.)
std::optional<Moment> first_inject(const journal::RunState& state) {
  const journal::EffectState* first = nullptr;
  for (const auto& e : state.effects)
    if (!e.restore && e.proven && (!first || e.inject_sent < first->inject_sent)) first = &e;
  if (!first) return std::nullopt;
  return Moment{first->inject_sent, first->inject_done, 0, 0};
}

std::vector<measure::Declared> declared(const plan::Plan& plan, const journal::RunState& state) {
  std::vector<measure::Declared> out;
  for (const auto& e : state.effects)
    if (!e.restore && e.inject_sent)
      out.push_back({e.step, *e.inject_sent, e.reverted_at, e.inject_done});
  // A switch of the front door cuts connections on purpose; what people do by hand, nobody else
  // declares.
  for (const auto& step : plan.steps) {
    const auto it = state.steps.find(step.id);
    if (it == state.steps.end() || !it->second.started) continue;
    if (it->second.no_return || plan::word_of(step.action) == "ask")
      out.push_back({step.id, *it->second.started, it->second.finished, it->second.finished});
  }
  return out;
}

std::vector<catalogue::RestoreOutcome> restores(const journal::RunState& state) {
  std::vector<catalogue::RestoreOutcome> out;
  for (const auto& [id, step] : state.steps)
    if (step.restore.is_object())
      if (auto outcome = catalogue::restore_outcome_from_json(step.restore))
        out.push_back(std::move(*outcome));
  return out;
}

Interval longer(const std::optional<Interval>& a, const Interval& b) {
  if (!a) return b;
  Interval out{std::max(a->lo, b.lo), std::nullopt};
  if (a->hi && b.hi) out.hi = std::max(*a->hi, *b.hi);
  return out;
}

void measure_restores(const plan::Plan& plan, const journal::RunState& state, Findings& out) {
  std::optional<Interval> age;
  bool unproven = false;
  for (const auto& outcome : restores(state))
    for (const auto& backup : outcome.backups) {
      // A restore that was not proven took no time that means anything.
      if (backup.started && backup.validated) {
        const Duration length = *backup.validated - *backup.started;
        out.restore_time = longer(out.restore_time, {length, length});
      } else {
        unproven = true;
      }
      // The age of the oldest backup says nothing about the data that a disaster would cost.
      if (backup.asked_for != "oldest" && backup.asked_for != "random" && backup.point &&
          backup.cutoff) {
        const Duration a = std::max(*backup.cutoff - *backup.point, Duration::zero());
        age = longer(age, {a, a});
      }
    }
  if (unproven) out.restore_time.reset();
  using measure::ObjectiveKind;
  if (plan.restore_time)
    out.judgements.push_back(judge(ObjectiveKind::restore, out.restore_time, *plan.restore_time));
  if (plan.data_age) out.judgements.push_back(judge(ObjectiveKind::data_age, age, *plan.data_age));
}

void judge_service(const plan::Plan& plan, const ServiceFinding& finding,
                   std::vector<measure::Judgement>& out) {
  const plan::Service& service = *plan.service(finding.service);
  const auto rule =
      service.outage_expected ? measure::OutageRule::expected : measure::OutageRule::tolerated;
  for (const auto& objective : plan.objectives) {
    if (objective.service != finding.service) continue;
    std::vector<measure::Judgement> found;
    if (objective.rto)
      found.push_back(judge_rto(
          finding.recovery,
          {*objective.rto,
           objective.from_inject ? measure::RtoFrom::inject : measure::RtoFrom::outage, rule},
          service.every));
    if (objective.mtpd)
      found.push_back(judge_mtpd(finding.recovery, *objective.mtpd, rule, service.every));
    if (objective.rpo) found.push_back(judge_rpo(finding.ledger, *objective.rpo, service.every));
    if (objective.lost_writes)
      found.push_back(judge_lost_writes(finding.ledger, *objective.lost_writes));
    for (auto& judgement : found) {
      judgement.service = finding.service;
      out.push_back(std::move(judgement));
    }
  }
}

std::string what_to_do(const EffectState& e) {
  return fmt::format(
      "{} on {} is not proven undone ({}): look at {} by hand, then `muster recover`, and when "
      "that "
      "cannot prove it either, `muster recover --mended {} --reason WHY`; nothing else may start "
      "there",
      e.script, e.host, e.why.empty() ? std::string{name_of(e.status)} : e.why, e.host, e.host);
}

/// A target that is gone for good still has a disk somewhere: data that was restored to it is not
/// clean until somebody answers for it.
void moot_into(const EffectState& e, measure::VerdictFacts& facts) {
  if (e.mended)
    facts.changed.push_back(
        fmt::format("{} on {} was mended by hand ({}): Muster has not proven it undone", e.script,
                    e.host, e.why));
  else if (e.restore && !e.wiped)
    facts.dirty.push_back(
        fmt::format("the data restored to {} is not proven wiped, and the host is gone for good "
                    "({}): destroy its disk, then `muster recover --gone {} --wiped "
                    "--reason WHY`",
                    e.host, e.why, e.host));
  else
    facts.changed.push_back(fmt::format("{} is gone for good ({}): {} there was not undone{}",
                                        e.host, e.why, e.script,
                                        e.restore ? ", its disk is declared wiped" : ""));
}

void effects_into(const plan::Plan& plan, const journal::RunState& state,
                  measure::VerdictFacts& facts) {
  for (const auto& e : state.effects) {
    if (!e.restore && e.injected_once && !e.proven)
      facts.unproven_faults.push_back(
          fmt::format("{} on {}: {}", e.script, e.host, e.why.empty() ? "not proven" : e.why));
    if (e.status == EffectStatus::self_reverted && !state.abort_why)
      facts.unproven_faults.push_back(
          fmt::format("{} on {} was reverted by {} during the drill", e.script, e.host,
                      e.healed_by == "sweep" ? "`muster sweep`" : "its healer"));
    // Since the last renewal nobody knows whether the fault was there at all.
    if (e.forgotten && !e.restore && !state.abort_why)
      facts.unproven_faults.push_back(
          fmt::format("{} on {} was not seen to its end: {} has forgotten it during the drill",
                      e.script, e.host, e.at));
    const bool held = e.status == EffectStatus::held;
    if (held && !e.built_upon.empty())
      facts.changed.push_back(
          e.restore
              ? fmt::format("the restored copy on {} stays in service", e.host)
              : fmt::format("{} on {} is held: a no-return step came after it", e.script, e.host));
    if (!journal::is_over(e.status) || (held && e.built_upon.empty()))
      facts.dirty.push_back(what_to_do(e));
    if (e.status == EffectStatus::moot) moot_into(e, facts);
  }
  for (const auto& step : plan.steps) {
    const auto it = state.steps.find(step.id);
    if (it == state.steps.end() || !it->second.no_return) continue;
    facts.changed.push_back(
        fmt::format("\"{}\" {} done and is not undone", step.name,
                    it->second.status == StepStatus::passed ? "was" : "may have been"));
  }
}

/// A person has seen to what the run left on the host that this step restored to.
bool is_seen_to(const journal::RunState& state, const std::string& step) {
  return std::any_of(state.requests.begin(), state.requests.end(), [&](const auto& r) {
    return r.data.is_object() && r.data.value("what", "") == "mended" &&
           std::any_of(state.effects.begin(), state.effects.end(),
                       [&](const auto& e) { return e.step == step && e.host == r.target.host; });
  });
}

void restores_into(const journal::RunState& state, measure::VerdictFacts& facts) {
  for (const auto& [id, step] : state.steps) {
    if (!step.restore.is_object()) continue;
    const auto outcome = catalogue::restore_outcome_from_json(step.restore);
    if (!outcome) continue;
    for (const auto& backup : outcome->backups)
      if (backup.control == catalogue::RestoredBackup::Control::passed_the_damaged)
        facts.controls_passed.push_back(backup.label);
    if (outcome->source_unchanged) continue;
    const std::string changed = "the backup repository or its source changed during the restore";
    if (is_seen_to(state, id))
      facts.changed.push_back(changed + ": a person has compared the fingerprints");
    else
      facts.dirty.push_back(
          changed +
          ": compare the fingerprints in the report; when that is all right, "
          "`muster recover --mended HOST --reason WHY` of the host it restored to");
  }
}

void steps_into(const std::vector<plan::Step>& steps, const journal::RunState& state,
                measure::VerdictFacts& facts) {
  for (const auto& step : steps) {
    const auto it = state.steps.find(step.id);
    const StepStatus status = it == state.steps.end() ? StepStatus::waiting : it->second.status;
    const std::string why = it == state.steps.end() ? "" : it->second.why;
    const auto word = plan::word_of(step.action);
    if (word == "check" || word == "wait") {
      const auto held = status == StepStatus::passed   ? measure::Held::yes
                        : status == StepStatus::failed ? measure::Held::no
                                                       : measure::Held::unknown;
      facts.checks.push_back({step.name, held, why});
    } else if (status == StepStatus::failed) {
      facts.failed_steps.push_back(fmt::format("\"{}\": {}", step.name, why));
    } else if (status != StepStatus::passed) {
      const bool begun = status != StepStatus::skipped && status != StepStatus::waiting;
      (begun ? facts.unknowns : facts.not_done)
          .push_back(
              fmt::format("\"{}\": {}", step.name, why.empty() ? "it was not reached" : why));
    }
  }
}

}  // namespace

bool was_conducted(const plan::Plan& plan, const journal::RunState& state) {
  if (state.past_no_return() || std::any_of(state.effects.begin(), state.effects.end(),
                                            [](const auto& e) { return e.injected_once; }))
    return true;
  const bool of_people = std::none_of(plan.steps.begin(), plan.steps.end(), [](const auto& step) {
    const auto word = plan::word_of(step.action);
    return word == "inject" || word == "restore" || word == "run";
  });
  return of_people && std::any_of(plan.steps.begin(), plan.steps.end(), [&](const auto& step) {
           const auto it = state.steps.find(step.id);
           return plan::word_of(step.action) == "ask" && it != state.steps.end() &&
                  it->second.asked_at;
         });
}

Findings measure_run(const plan::Plan& plan, const journal::RunState& state,
                     const std::map<std::string, Services::Seen>& seen,
                     std::optional<Instant> until) {
  Findings out;
  const auto inject = first_inject(state);
  for (const auto& service : plan.services) {
    const auto it = seen.find(service.name);
    if (it == seen.end()) continue;
    ServiceFinding finding;
    finding.service = service.name;
    auto samples = it->second.samples;
    if (until) std::erase_if(samples, [&](const auto& s) { return s.sent > *until; });
    finding.recovery =
        measure::measure_recovery(samples, {probing_of(service), inject, declared(plan, state)});
    std::optional<Moment> disruption = inject;
    if (finding.recovery.drill)
      disruption = finding.recovery.outages[*finding.recovery.drill].onset;
    if (service.ledger && disruption && it->second.read_back && it->second.read_back->read)
      finding.ledger =
          measure::settle_ledger(std::move(samples), it->second.read_back->survivors, *disruption);
    judge_service(plan, finding, out.judgements);
    out.services.push_back(std::move(finding));
  }
  measure_restores(plan, state, out);
  return out;
}

measure::VerdictFacts verdict_facts(const plan::Plan& plan, const journal::RunState& state,
                                    const Findings& findings, const std::string& stopped) {
  measure::VerdictFacts facts;
  if (state.abort_why)
    facts.aborted = *state.abort_why;
  else if (!stopped.empty() && !was_conducted(plan, state))
    facts.not_run = stopped;
  facts.objectives = findings.judgements;
  effects_into(plan, state, facts);
  steps_into(plan.steps, state, facts);
  steps_into(plan.ends, state, facts);
  const bool disrupted = first_inject(state).has_value();
  for (const auto& finding : findings.services) {
    const plan::Service& service = *plan.service(finding.service);
    if (disrupted && service.outage_expected && !finding.recovery.drill)
      facts.outages_not_seen.push_back(finding.service);
    for (const auto& outage : finding.recovery.outages)
      if (outage.undeclared())
        facts.undeclared_outages.push_back(
            fmt::format("{} was lost again, for {}, and no step declared it", finding.service,
                        human_interval(outage.length)));
  }
  restores_into(state, facts);
  return facts;
}

}  // namespace muster::engine
