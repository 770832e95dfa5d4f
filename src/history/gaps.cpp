#include "history/gaps.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "model/step.hpp"

namespace muster::history {
namespace {

void of_people(const model::Drill& drill, std::vector<Gap>& out) {
  if (drill.roles.empty()) {
    out.push_back({"people and roles", "nobody holds a role: `roles:`"});
    return;
  }
  std::vector<std::string> alone;
  for (const auto& role : drill.roles)
    if (!role.deputy) alone.push_back(*role.role);
  if (!alone.empty())
    out.push_back({"key-person absence",
                   fmt::format("without a deputy: {} (`deputy:`)", joined(alone, ", "))});
  const bool watched = std::any_of(drill.roles.begin(), drill.roles.end(), [](const auto& role) {
    return *role.role == "evaluator" || *role.role == "observer";
  });
  if (!watched)
    out.push_back(
        {"evaluator", "nobody watches who does not act: a role `evaluator` or `observer`"});
}

void of_restores(const model::Drill& drill, std::vector<Gap>& out) {
  bool restores = false, unvalidated = false;
  model::each_step(drill.playbook.steps, [&](const model::Step& step) {
    const auto* restore = std::get_if<model::Restore>(&step.action);
    if (!restore) return;
    restores = true;
    unvalidated = unvalidated || !model::find(restore->with, "validate");
  });
  if (unvalidated)
    out.push_back({"integrity of the backup", "a restore validates nothing: `validate:`"});
  if (restores && !drill.objectives.restore && drill.objectives.services.empty())
    out.push_back({"restore time", "a restore has no time to reach: `objectives: {restore: …}`"});
}

}  // namespace

std::vector<Gap> gaps_of(const model::Drill& drill, const Around& around) {
  std::vector<Gap> out;
  const auto& o = drill.objectives;
  if (drill.why.empty()) out.push_back({"scenario and reason", "it does not say why: `why:`"});
  if (drill.title.empty()) out.push_back({"title", "it has no title: `title:`"});
  if (drill.change.empty())
    out.push_back({"approval before", "no change or ticket is named: `change:`"});
  if (o.services.empty() && !o.restore && !o.data_age)
    out.push_back({"objectives set beforehand", "it has none to reach: `objectives:`"});
  if (!drill.due)
    out.push_back({"cadence", "how often it must pass is not said: `due: every quarter`"});
  of_people(drill, out);
  of_restores(drill, out);
  if (!around.witness_named)
    out.push_back({"proof of the record",
                   "only its own store vouches for the record: a witness with `kept_by:` in "
                   "inventory/witnesses.yaml"});
  if (!around.retention_named)
    out.push_back(
        {"retention", "how long the record is kept is not said: inventory/retention.yaml"});
  return out;
}

}  // namespace muster::history
