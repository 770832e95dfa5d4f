#include "api/waiting.hpp"

#include "engine/people.hpp"

namespace muster::api {
namespace {

Json doer_to(const journal::Doer& by) {
  Json j{{"principal", by.actor.principal}};
  engine::put(j, by);
  return j;
}

/// Of a step that waits for signatures: of whom, how many, and whose are there.
void add_approvals(Json& j, const plan::Step& planned, const journal::StepState& step) {
  j["approve"] = {{"from", step.approve_from}, {"need", step.approve_need}};
  j["approved"] = Json::array();
  for (const auto& act : step.acts)
    if (act.what == "approve") {
      Json one = doer_to(act.by);
      one["at"] = format_utc(act.wall);
      j["approved"].push_back(std::move(one));
    }
  if (const auto* approve = std::get_if<plan::Approve>(&planned.action))
    j["late"] = approve->late == plan::Late::escalate ? "escalate" : "fail";
}

Json waiting_of(const plan::Plan& plan, const journal::RunState& state, const plan::Step& planned,
                const journal::StepState& step) {
  Json j{{"step", planned.id},
         {"name", planned.name},
         {"say", step.say},
         {"answers", step.answer_specs}};
  if (step.approve_need > 0) {
    add_approvals(j, planned, step);
  } else {
    const auto asked = engine::asked_by(plan, state, step);
    j["role"] = step.role;
    j["asked"] = asked.person;
    j["holder"] = asked.held.holder;
    j["deputy"] = asked.held.deputy;
  }
  if (!step.escalated_from.empty()) j["escalated_from"] = step.escalated_from;
  if (step.asked_wall) j["since"] = format_utc(*step.asked_wall);
  if (step.answer_by) j["until"] = format_utc(*step.answer_by);
  constexpr const char* late[] = {"fail", "escalate", "proceed"};
  if (const auto* ask = std::get_if<plan::Ask>(&planned.action)) {
    // Who was silent twice is not asked a third time.
    const bool last = ask->late == plan::Late::escalate && !step.escalated_from.empty();
    j["late"] = last ? "fail" : late[static_cast<std::size_t>(ask->late)];
  }
  j["acknowledged"] = Json::array();
  for (const auto& act : step.acts)
    if (act.what == "ack") {
      Json ack = doer_to(act.by);
      ack["at"] = format_utc(act.wall);
      j["acknowledged"].push_back(std::move(ack));
    }
  return j;
}

}  // namespace

Json people_of(const plan::Plan& plan, const journal::RunState& state) {
  Json out{{"waiting", Json::array()}, {"roles", Json::array()}, {"people", Json::array()}};
  for (const auto* steps : {&plan.steps, &plan.ends})
    for (const auto& planned : *steps)
      if (const auto it = state.steps.find(planned.id);
          it != state.steps.end() && it->second.status == journal::StepStatus::asked)
        out["waiting"].push_back(waiting_of(plan, state, planned, it->second));
  for (const auto& role : plan.roles) {
    const auto held = engine::holding_of(plan, state, role.name);
    Json j{{"role", role.name}, {"holder", held.holder}, {"deputy", held.deputy}};
    if (const auto* tenure = state.tenure(role.name)) j["since"] = format_utc(tenure->wall);
    out["roles"].push_back(std::move(j));
  }
  for (const auto& person : plan.people)
    out["people"].push_back({{"id", person.id}, {"name", person.name}, {"unix", person.unix_user}});
  return out;
}

}  // namespace muster::api
