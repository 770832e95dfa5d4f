// The step `ask`: a person answers, in the terminal or from another one, or is late.
#include <fmt/format.h>

#include <algorithm>

#include "engine/steps.hpp"
#include "journal/kinds.hpp"
#include "model/value.hpp"

namespace muster::engine {

namespace kinds = journal::kinds;

namespace {

const plan::Role* role_of(const plan::Plan& plan, const std::string& name) {
  const auto it = std::find_if(plan.roles.begin(), plan.roles.end(),
                               [&](const auto& r) { return r.name == name; });
  return it == plan.roles.end() ? nullptr : &*it;
}

/// The plan's word for a type back to the model's; the plan was made from one, so it is known.
model::ValueType type_of(const std::string& word) {
  using model::ValueType;
  for (const auto type : {ValueType::string, ValueType::integer, ValueType::boolean,
                          ValueType::duration, ValueType::size, ValueType::time, ValueType::list})
    if (model::to_string(type) == word) return type;
  return ValueType::string;
}

}  // namespace

void Steps::begin(const Id& id, const plan::Ask& action) {
  const plan::Role* role = role_of(core_.plan(), action.role);
  if (!role) return fail(id, "nobody holds the role " + action.role);
  ask_person(id, action, role->holder);
}

void Steps::ask_person(const Id& id, const plan::Ask& action, const std::string& person) {
  const auto say = plan::resolve(action.say, core_.bindings());
  if (!say) return fail(id, say.error().what);
  const Duration within = under_.at(id).step->within;
  journal::Draft d = Core::draft(kinds::kStepAsked);
  d.step = id;
  d.deadline = core_.wall() + within;
  d.data =
      Json{{"role", action.role}, {"person", person}, {"say", *say}, {"answers", Json::array()}};
  for (const auto& a : action.answers) {
    Json spec{{"name", a.name}, {"type", a.type}};
    if (a.fallback) spec["default"] = *a.fallback;
    d.data["answers"].push_back(std::move(spec));
  }
  core_.record(std::move(d));
  under_.at(id).deadline = core_.at(core_.now() + within, [this, id] { nobody_answered(id); });
}

void Steps::nobody_answered(const Id& id) {
  if (!under_way(id)) return;
  Under& under = under_.at(id);
  const auto& action = std::get<plan::Ask>(under.step->action);
  const plan::Role* role = role_of(core_.plan(), action.role);
  if (action.late == plan::Late::escalate && !under.escalated && !role->deputy.empty()) {
    under.escalated = true;
    return ask_person(id, action, role->deputy);
  }
  if (action.late != plan::Late::proceed)
    return fail(id, fmt::format("nobody answered within {}", format_duration(under.step->within)));
  std::map<std::string, std::string> answers;
  for (const auto& a : action.answers) {
    if (!a.fallback) return fail(id, fmt::format("nobody answered, and {} has no default", a.name));
    answers[a.name] = *a.fallback;
  }
  answered(id, answers, {}, true);
}

void Steps::answered(const Id& id, const std::map<std::string, std::string>& answers,
                     const journal::Actor& actor, bool late) {
  for (const auto& [name, value] : answers) core_.bindings()[name] = value;
  journal::Draft d = Core::draft(kinds::kStepAnswered);
  d.step = id;
  d.actor = actor;
  d.outcome = late ? "late" : "ok";
  d.data = Json{{"answers", answers}};
  core_.record(std::move(d));
  Ending ending;
  ending.mark = std::get<plan::Ask>(under_.at(id).step->action).mark;
  if (late) ending.why = "nobody answered in time; the drill went on with the defaults";
  finish(id, std::move(ending));
}

std::string Steps::answer(const Request& request) {
  const auto it = under_.find(request.step);
  if (it == under_.end()) return fmt::format("step '{}' is not waiting for anybody", request.step);
  const auto* action = std::get_if<plan::Ask>(&it->second.step->action);
  if (!action) return fmt::format("step '{}' does not ask a person", request.step);
  journal::Draft d = Core::draft(kinds::kRequest);
  d.step = request.step;
  d.actor = request.actor;
  if (request.what == Request::What::fail_step) {
    if (request.reason.empty()) return "a reason is needed";
    d.data = Json{{"what", "fail"}, {"reason", request.reason}};
    core_.record(std::move(d));
    fail(request.step, request.reason);
    return {};
  }
  std::map<std::string, std::string> answers;
  for (const auto& [name, value] : request.answers)
    if (std::none_of(action->answers.begin(), action->answers.end(),
                     [&](const auto& a) { return a.name == name; }))
      return fmt::format("step '{}' does not ask for '{}'", request.step, name);
  for (const auto& a : action->answers) {
    const auto given = request.answers.find(a.name);
    if (given == request.answers.end() && !a.fallback)
      return fmt::format("'{}' must be answered", a.name);
    const std::string value = given == request.answers.end() ? *a.fallback : given->second;
    if (const auto misfit = model::misfit(value, type_of(a.type)); !misfit.empty())
      return fmt::format("'{}': {}", a.name, misfit);
    answers[a.name] = value;
  }
  d.data = Json{{"what", "answer"}, {"answers", answers}, {"person", request.person}};
  core_.record(std::move(d));
  answered(request.step, answers, request.actor, false);
  return {};
}

}  // namespace muster::engine
