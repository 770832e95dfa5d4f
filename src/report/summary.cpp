#include "report/summary.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "report/data.hpp"
#include "report/parts.hpp"

namespace muster::report {
namespace {

/// How long the drill waited for people's answers and signatures, gross.
std::optional<Duration> waited(const std::vector<Step>& steps) {
  std::optional<Duration> sum;
  for (const auto& step : steps)
    if ((step.word == "ask" || step.word == "approve") && step.took)
      sum = sum.value_or(Duration::zero()) + *step.took;
  return sum;
}

}  // namespace

const measure::Outage* Service::drill_outage() const {
  const auto it = std::find_if(outages.begin(), outages.end(),
                               [](const auto& o) { return o.kind == measure::OutageKind::drill; });
  return it == outages.end() ? nullptr : &*it;
}

bool Summary::disrupted() const {
  return std::any_of(effects.begin(), effects.end(),
                     [](const auto& e) { return !e.state.restore && e.state.proven; }) ||
         std::any_of(services.begin(), services.end(),
                     [](const auto& s) { return s.drill_outage() != nullptr; });
}

std::string standing(const journal::Verified& v) {
  if (!v.intact()) {
    const std::string first = v.findings.empty() ? "" : ": " + v.findings.front().text;
    return fmt::format("DAMAGED ({} finding{}{})", v.findings_count,
                       v.findings_count == 1 ? "" : "s", first);
  }
  if (!v.witnessed) return "intact, UNWITNESSED";
  if (v.unwitnessed > 0)
    return fmt::format("intact, witnessed but for its last {} entries", v.unwitnessed);
  return "intact and witnessed";
}

Summary summarise(const Record& record) {
  const auto& state = record.state;
  Summary s;
  s.edition = record.edition;
  s.drill = state.drill.empty() ? record.plan.drill : state.drill;
  s.title = record.plan.title;
  s.why = record.plan.why;
  s.owner = record.plan.owner;
  s.change = record.plan.change;
  s.playbook = record.plan.playbook;
  s.run = state.run;
  s.workspace = text_in(state.opened, "workspace");
  s.store = text_in(state.opened, "store");
  s.plan_hash = text_in(state.opened, "plan");
  s.ran_by = text_in(state.opened, "muster");
  s.written_by = record.muster;
  s.actor = state.actor;
  s.axis = {state.opened_at.value_or(Instant{}), state.opened_wall.value_or(WallTime{})};
  s.opened = state.opened_wall;
  s.closed = state.closed_wall;
  s.end = record.entries.empty() ? s.axis.start : record.entries.back().at;
  s.verified = record.verified;

  s.services = services_of(record);
  s.objectives = objectives_of(record);
  for (const auto& entry : state.measured)
    if (const auto sentence = text_in(entry.data, "estimate"); !sentence.empty())
      s.estimate = sentence;
  s.detections = detections_of(record);
  s.effects = effects_of(record);
  s.restores = restores_of(record);
  s.steps = steps_of(record);
  s.waited_for_people = waited(s.steps);
  s.hosts = hosts_of(record);
  s.guardrails = guardrails_of(record);
  s.roles = roles_of(record, s.axis);
  s.people = record.plan.people;
  s.approvals = approvals_of(record);
  s.notes = state.notes;
  s.events = events_of(record);
  for (const auto& [name, script] : record.plan.scripts)
    s.scripts.emplace_back(name, hex(script.sha256));
  s.phases = phases_of(record, s);
  s.deviations = deviations_of(record, s);
  s.verdict = verdict_of(record, s);
  return s;
}

}  // namespace muster::report
