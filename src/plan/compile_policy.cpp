// What the policy demands of the drill, and who can meet it.
#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "plan/compiler.hpp"

namespace muster::plan {

void Compiler::policy() {
  std::set<std::string> touched;
  for (const auto& slot : plan_.slots)
    for (const auto& host : slot.hosts) touched.insert(plan_.hosts.at(host).environment);
  for (const auto& of : in_.policy.environments) {
    if (!touched.contains(*of.environment)) continue;
    Demand demand;
    demand.environment = *of.environment;
    if (of.approvals) {
      demand.need = static_cast<unsigned>(of.approvals->need);
      demand.from = of.approvals->from;
      demand.valid = of.approvals->valid;
    }
    demand.signed_key = of.signed_key;
    demand.witness = of.witness;
    demand.deny = of.deny;
    plan_.policy.push_back(std::move(demand));
  }
}

void Compiler::may_use(const config::Place& place, const std::string& name) {
  for (const auto& demand : plan_.policy)
    if (const auto glob = denied_by(demand, name); !glob.empty())
      out_.error(place,
                 fmt::format("the policy of {} denies {}{}", demand.environment,
                             name == "command" ? "commands (a `run` step)" : name,
                             glob == name ? "" : fmt::format(" (`{}`)", glob)),
                 "inventory/policy.yaml says so: take another target, or ask whoever owns it");
}

void Compiler::approvers() {
  std::set<std::string> teams;
  for (const auto& demand : plan_.policy) teams.insert(demand.from.begin(), demand.from.end());
  for (const auto& step : plan_.steps)
    if (const auto* approve = std::get_if<Approve>(&step.action))
      teams.insert(approve->from.begin(), approve->from.end());
  for (const auto* person : model::approvers_in(in_.people, {teams.begin(), teams.end()}))
    if (!plan_.person(person->id)) plan_.approvers.push_back(told(*person));
}

Person Compiler::told(const model::Person& person) {
  return {person.id,       person.name,  person.unix_user, !person.ssh_key.empty(),
          person.timezone, person.teams, person.ssh_key,   person.service};
}

}  // namespace muster::plan
