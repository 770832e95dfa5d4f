// The end of a run: what was seen becomes what was measured, and that the verdict; then everything
// is given back.
#include "engine/alerts.hpp"
#include "engine/machine_parts.hpp"
#include "journal/kinds.hpp"
#include "measure/estimate.hpp"

namespace muster::engine {

namespace kinds = journal::kinds;

/// Only when the ledgers have stopped: a write that is acknowledged meanwhile would seem lost.
void Machine::Parts::read_back() {
  if (core.record_lost() || !was_conducted(plan, core.state())) return conclude();
  const Duration patience = stopped.empty() ? std::chrono::seconds{60} : std::chrono::seconds{10};
  services.read_ledgers(patience, [this] { conclude(); });
}

/// What the samples say, each finding in an entry of its own. A process that took the run over saw
/// nothing.
Findings Machine::Parts::measure() {
  if (core.taken_over()) return {};
  // What the stop's own mending takes is not held against the drill.
  Findings findings = measure_run(plan, core.state(), services.seen(),
                                  core.state().abort_why ? stopped_at : std::nullopt);
  for (const auto& finding : findings.services) {
    journal::Draft d = Core::draft(kinds::kMeasured);
    d.data = Json{{"service", to_json(finding)}};
    core.record(std::move(d));
  }
  const auto detections = detections_of(plan, core.state(), core.settings().receives_alerts,
                                        stopped_at.value_or(core.now()));
  Json detected = Json::array();
  for (const auto& one : detections) {
    detected.push_back(to_json(one));
    if (!one.detection->within) continue;
    findings.judgements.push_back(measure::judge_detection(one.facts, *one.detection->within));
    findings.judgements.back().alert = one.detection->alert;
  }
  Json judgements = Json::array();
  for (const auto& judgement : findings.judgements) judgements.push_back(to_json(judgement));
  journal::Draft d = Core::draft(kinds::kMeasured);
  d.data = Json{{"objectives", std::move(judgements)}};
  if (!detected.empty()) d.data["detections"] = std::move(detected);
  if (plan.estimate) {
    const auto& e = *plan.estimate;
    const auto part = [](Duration x) {
      return x > Duration::zero() ? std::optional{x} : std::nullopt;
    };
    const auto estimate = measure::estimate_rto(
        findings.restore_time, {e.rto, part(e.detect), part(e.decide), part(e.reroute)});
    d.data["estimate"] = estimate.sentence;
  }
  core.record(std::move(d));
  return findings;
}

void Machine::Parts::conclude() {
  // Whoever answers for what is left does so for what could not be proven even now.
  effects.declare_mended();
  const Findings findings = measure();
  auto facts = verdict_facts(plan, core.state(), findings, stopped);
  if (core.record_lost()) facts.unknowns.push_back("the record could not be written to its end");
  auto verdict = measure::verdict(facts);
  // A run that was judged keeps its result; what a later recovery changes is the state that it
  // left.
  if (const auto earlier = measure::drill_result(core.state().result.value_or(""))) {
    verdict =
        measure::judged_before(std::move(verdict), *earlier,
                               core.state().verdict.value("reasons", std::vector<std::string>{}));
  }
  journal::Draft v = Core::draft(kinds::kVerdict);
  v.outcome = name(verdict.result);
  v.data = to_json(verdict);
  core.record(std::move(v));
  concluded = true;
  // After the verdict, so that a marker on a target outlives the run only when somebody must look
  // at it.
  effects.disarm_all([this] { preflight.unlock_all([this] { close(); }); });
}

void Machine::Parts::close() {
  core.record(Core::draft(kinds::kRunClosed));
  over = true;
}

}  // namespace muster::engine
