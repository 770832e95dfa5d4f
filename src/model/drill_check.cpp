#include <fmt/format.h>

#include <algorithm>

#include "model/drill_reader.hpp"
#include "model/policy.hpp"

namespace muster::model {
namespace {

/// reference: measurement, "interval + timeout of the probe should be <= RTO/20".
constexpr int kProbesInRto = 20;
constexpr int kWarmUpInRpo = 2;

void check_person(const Located<std::string>& id, const People& people, Diagnostics& out) {
  if (people.persons.empty())
    return out.error(id.place, fmt::format("`{}` is nobody: there are no people", *id),
                     "write inventory/people.yaml");
  if (!people.find(*id))
    out.unknown(id.place, fmt::format("`{}` is not one of the people", *id), *id, people.ids());
}

void check_roles(const Drill& drill, const People& people, Diagnostics& out) {
  std::vector<std::string> wanted;
  for (const auto& role : drill.playbook.roles) wanted.push_back(*role);
  for (const auto& role : drill.roles) {
    if (std::find(wanted.begin(), wanted.end(), *role.role) == wanted.end())
      out.unknown(role.role.place, fmt::format("`{}` is no role of the playbook", *role.role),
                  *role.role, wanted);
    if (!role.holder->empty()) check_person(role.holder, people, out);
    if (role.deputy) check_person(*role.deputy, people, out);
    if (role.deputy && **role.deputy == *role.holder)
      out.error(role.deputy->place, fmt::format("`{}` is the deputy of themself", *role.holder));
  }
  const auto* commander = drill.role(kIncidentCommander);
  for (const auto& role : drill.roles)
    if (commander && &role != commander && !role.holder->empty() &&
        *role.holder == *commander->holder)
      out.error(role.holder.place,
                fmt::format("`{}` is the {} and holds the role `{}` too", *role.holder,
                            kIncidentCommander, *role.role),
                "an incident commander holds no second role (being a deputy is none)");
  for (const auto& role : drill.playbook.roles)
    if (!drill.role(*role))
      out.error(drill.name.place, fmt::format("nobody holds the role `{}`", *role),
                fmt::format("roles: {{{}: {{holder: …}}}}", *role));
  each_step(drill.playbook.steps, [&](const Step& step) {
    const auto* ask = std::get_if<Ask>(&step.action);
    if (!ask || ask->late != Late::escalate) return;
    const auto* role = drill.role(*ask->role);
    if (role && !role->deputy)
      out.error(role->role.place,
                fmt::format("the role `{}` has no deputy, and the step `{}` escalates to it",
                            *ask->role, step.name));
  });
}

void check_owner(const Drill& drill, const Place& place, const People& people, Diagnostics& out) {
  if (people.persons.empty() || drill.owner.empty()) return;
  std::vector<std::string> right = people.ids();
  for (const auto& person : people.persons)
    right.insert(right.end(), person.teams.begin(), person.teams.end());
  for (const auto& role : drill.roles) right.push_back(*role.role);
  if (std::find(right.begin(), right.end(), drill.owner) == right.end())
    out.unknown(place, fmt::format("the owner `{}` is no person, no team and no role", drill.owner),
                drill.owner, right);
}

void check_objective(const ServiceObjective& objective, const Service& service, Diagnostics& out) {
  const Duration probe = service.every + service.timeout;
  if (objective.rto && probe > **objective.rto / kProbesInRto)
    out.error(
        objective.rto->place,
        fmt::format("the probe of `{}` is too slow to judge an RTO of {}: every {} + timeout {} "
                    "is above a twentieth of it",
                    *service.name, format_duration(**objective.rto), format_duration(service.every),
                    format_duration(service.timeout)),
        fmt::format("keep their sum within {}", format_duration(**objective.rto / kProbesInRto)));
  const auto needs_ledger = [&](const Place& place, std::string_view key) {
    if (!service.ledger)
      out.error(place, fmt::format("`{}` of `{}`: the service has no ledger", key, *service.name),
                "ledger: {rate: 50/s} counts acknowledged writes");
  };
  if (objective.rpo) needs_ledger(objective.rpo->place, "rpo");
  if (objective.lost_writes) needs_ledger(objective.lost_writes->place, "lost_writes");
  if (objective.rpo && service.ledger && service.warm_up < **objective.rpo * kWarmUpInRpo)
    out.error(objective.rpo->place,
              fmt::format("the ledger of `{}` warms up for {}, shorter than twice the RPO of {}",
                          *service.name, format_duration(service.warm_up),
                          format_duration(**objective.rpo)),
              fmt::format("warm_up: {} or more", format_duration(**objective.rpo * kWarmUpInRpo)));
}

void check_objectives(const Drill& drill, Diagnostics& out) {
  std::vector<std::string> right;
  for (const auto& service : drill.playbook.services) right.push_back(*service.name);
  for (const auto& objective : drill.objectives.services)
    if (const auto* service = drill.playbook.service(*objective.service))
      check_objective(objective, *service, out);
    else
      out.unknown(objective.service.place,
                  fmt::format("`{}` is not one of the services", *objective.service),
                  *objective.service, right);
  bool restores = false;
  each_step(drill.playbook.steps, [&](const Step& step) {
    restores = restores || std::holds_alternative<Restore>(step.action);
  });
  for (const auto* objective : {&drill.objectives.restore, &drill.objectives.data_age})
    if (*objective && !restores)
      out.error((*objective)->place, "an objective of a restore, and no step restores");
}

void check_detects(const Drill& drill, Diagnostics& out) {
  std::vector<std::string> injects;
  each_step(drill.playbook.steps, [&](const Step& step) {
    const auto* run = std::get_if<Run>(&step.action);
    if (std::holds_alternative<Inject>(step.action) || (run && run->undo))
      injects.push_back(step.id);
  });
  for (const auto& detect : drill.detects) {
    if (injects.empty())
      out.error(detect.place,
                "no step injects a fault, or runs what is undone: there is nothing to notice");
    else if (detect.step &&
             std::find(injects.begin(), injects.end(), **detect.step) == injects.end())
      out.unknown(detect.step->place,
                  fmt::format("`{}` is no step that injects a fault", **detect.step), **detect.step,
                  injects);
  }
}

}  // namespace

void check_drill(const Drill& drill, const Place& owner, const DrillContext& context,
                 Diagnostics& out) {
  check_roles(drill, context.people, out);
  check_owner(drill, owner, context.people, out);
  check_objectives(drill, out);
  check_detects(drill, out);
  each_step(drill.playbook.steps, [&](const Step& step) {
    if (const auto* approve = std::get_if<Approve>(&step.action))
      check_approvers(context.people, approve->from, approve->need, approve->place, out);
  });
}

}  // namespace muster::model
