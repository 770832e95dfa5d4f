// Who holds which role: as planned when the run is opened, and from one hand into another later.
#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "engine/roster.hpp"
#include "journal/kinds.hpp"
#include "model/people.hpp"

namespace muster::engine {

namespace kinds = journal::kinds;

namespace {

std::string people_of(const plan::Plan& plan) {
  std::vector<std::string> ids;
  for (const auto& person : plan.people) ids.push_back(person.id);
  return joined(ids, ", ");
}

/// The role that stands in the way when `person` takes `role`: the incident commander holds no
/// second one.
std::string in_the_way(const Core& core, const std::string& role, const std::string& person) {
  for (const auto& other : core.plan().roles) {
    if (other.name == role) continue;
    if (role != model::kIncidentCommander && other.name != model::kIncidentCommander) continue;
    if (holding_of(core.plan(), core.state(), other.name).holder == person) return other.name;
  }
  return {};
}

std::size_t handovers(const journal::RunState& state) {
  return static_cast<std::size_t>(std::count_if(state.tenures.begin(), state.tenures.end(),
                                                [](const auto& t) { return !t.before.empty(); }));
}

}  // namespace

void record_roster(Core& core) {
  for (const auto& role : core.plan().roles) {
    journal::Draft d = Core::draft(kinds::kRoleAssumed);
    d.data = Json{{"role", role.name}, {"holder", role.holder}, {"how", "planned"}};
    if (!role.deputy.empty()) d.data["deputy"] = role.deputy;
    core.record(std::move(d));
  }
}

std::string hand_over(Core& core, const Request& request) {
  const plan::Plan& plan = core.plan();
  const bool takes = request.what == Request::What::take_role;
  const Holding held = holding_of(plan, core.state(), request.role);
  if (held.holder.empty()) return fmt::format("this drill has no role '{}'", request.role);
  const auto* to = takes ? person_of(plan, request.actor) : plan.person(request.to);
  if (!to)
    return takes ? fmt::format(
                       "you are {}, and none of this drill's people ({}): let the role be "
                       "handed to one of them",
                       request.actor.principal, people_of(plan))
                 : fmt::format("'{}' is none of this drill's people ({})", request.to,
                               people_of(plan));
  if (to->id == held.holder) return fmt::format("{} holds {} already", to->id, request.role);
  if (const auto other = in_the_way(core, request.role, to->id); !other.empty())
    return fmt::format("{} holds {}, and an {} holds no second role: hand that one over first",
                       to->id, other, model::kIncidentCommander);
  if (handovers(core.state()) >= kHandoversMax)
    return fmt::format("this run has seen {} handovers, which is the most", kHandoversMax);
  const Asked asked{request.role, held, held.holder};
  Leave leave = leave_for(plan, asked, request);
  if (!leave.refused.empty()) {
    Request with_reason = request;
    with_reason.as_stand_in = true;
    leave = leave_for(plan, asked, with_reason);
  }
  if (!leave.refused.empty())
    return fmt::format("{} holds {}{}: who is neither owes a --reason", held.holder, request.role,
                       held.deputy.empty() ? "" : " (deputy " + held.deputy + ")");
  journal::Draft d = Core::draft(kinds::kRoleAssumed);
  d.actor = request.actor;
  d.data = Json{{"role", request.role},
                {"holder", to->id},
                {"before", held.holder},
                {"how", takes ? "taken" : "handed"}};
  // A deputy who takes over leaves that place, and who held the role can still be asked.
  const std::string& deputy = to->id == held.deputy ? held.holder : held.deputy;
  if (!deputy.empty()) d.data["deputy"] = deputy;
  if (!request.reason.empty()) d.data["reason"] = request.reason;
  put(d.data, leave.by);
  put(d.data, request.proof);
  core.record(std::move(d));
  return {};
}

}  // namespace muster::engine
