// What was changed on targets: faults and restores, with their proofs.
#include <fmt/format.h>

#include "base/text.hpp"
#include "journal/kinds.hpp"
#include "report/data.hpp"
#include "report/parts.hpp"

namespace muster::report {
namespace {

namespace kinds = journal::kinds;
using Facts = std::vector<std::pair<std::string, std::string>>;

constexpr std::size_t kFactsMax = 200;

/// Nested facts as "points.0.lsn" lines: a provider says what it likes, the reader sees all of it.
void flatten(const std::string& name, const Json& j, Facts& out) {
  if (out.size() >= kFactsMax) return;
  if (j.is_object())
    for (const auto& [key, inner] : j.items())
      flatten(name.empty() ? key : name + "." + key, inner, out);
  else if (j.is_array())
    for (std::size_t i = 0; i < j.size(); ++i) flatten(fmt::format("{}.{}", name, i), j[i], out);
  else if (j.is_string())
    out.emplace_back(name, j.get<std::string>());
  else if (!j.is_null())
    out.emplace_back(name, j.dump());
}

RestorePhase phase_from(const journal::Entry& e) {
  RestorePhase p{text_in(e.data, "phase"), text_in(e.data, "detail"), e.outcome, e.at, {}};
  const auto ns_of = [&](const char* key) {
    return journal::ns_from_json(Json(text_in(e.data, key)));
  };
  const auto sent = ns_of("sent"), done = ns_of("done");
  if (sent && done) {
    p.at = instant(*sent);
    p.took = Duration{*done - *sent};
  }
  return p;
}

}  // namespace

std::vector<Effect> effects_of(const Record& record) {
  std::vector<Effect> out;
  for (const auto& state : record.state.effects) {
    Effect e;
    e.state = state;
    if (const auto it = record.plan.scripts.find(state.script); it != record.plan.scripts.end())
      e.healer = catalogue::name_of(it->second.healer);
    if (state.inject_sent && state.inject_done) {
      const Duration took = *state.inject_done - *state.inject_sent;
      e.latency = measure::Interval{Duration::zero(), took};
    }
    for (const auto& entry : record.entries) {
      if (entry.intent_ref != state.id) continue;
      if (entry.action == kinds::kEffectIntent) e.intent_at = entry.at;
      if (entry.action != kinds::kEffectArmed) continue;
      e.armed_at = entry.at;
      e.armed_evidence = text_in(entry.data, "evidence");
    }
    out.push_back(std::move(e));
  }
  return out;
}

std::vector<Restore> restores_of(const Record& record) {
  std::vector<Restore> out;
  for (const auto& step : record.plan.steps) {
    const auto* action = std::get_if<plan::Restore>(&step.action);
    if (!action) continue;
    Restore r;
    r.step = step.id;
    r.name = step.name;
    r.provider = action->provider;
    if (const auto it = record.state.targets.find(action->slot); it != record.state.targets.end())
      r.host = joined(it->second, ", ");
    if (const auto it = record.state.steps.find(step.id);
        it != record.state.steps.end() && it->second.restore.is_object())
      if (auto outcome = catalogue::restore_outcome_from_json(it->second.restore))
        r.outcome = std::move(*outcome);
    for (const auto& e : record.entries)
      if (e.step == step.id && e.action == kinds::kRestorePhase && e.outcome != "started")
        r.phases.push_back(phase_from(e));
    if (r.outcome && r.outcome->facts.is_object()) {
      Json rest = r.outcome->facts;
      if (rest.contains("commands") && rest.at("commands").is_array())
        for (const auto& c : rest.at("commands"))
          if (c.is_string() && !c.get_ref<const std::string&>().empty())
            r.commands.push_back(c.get<std::string>());
      rest.erase("commands");
      flatten("", rest, r.facts);
    }
    out.push_back(std::move(r));
  }
  return out;
}

}  // namespace muster::report
