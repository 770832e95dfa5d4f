// The step `ask`: a person acknowledges, answers, skips or fails it, or is late.
#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "engine/people.hpp"
#include "engine/steps.hpp"
#include "journal/kinds.hpp"
#include "model/value.hpp"

namespace muster::engine {

namespace kinds = journal::kinds;

namespace {

/// The plan's word for a type back to the model's; the plan was made from one, so it is known.
model::ValueType type_of(const std::string& word) {
  using model::ValueType;
  for (const auto type : {ValueType::string, ValueType::integer, ValueType::boolean,
                          ValueType::duration, ValueType::size, ValueType::time, ValueType::list})
    if (model::to_string(type) == word) return type;
  return ValueType::string;
}

/// The names that an answer without a default must be given for.
std::string without_default(const plan::Ask& action) {
  for (const auto& a : action.answers)
    if (!a.fallback) return a.name;
  return {};
}

std::map<std::string, std::string> defaults_of(const plan::Ask& action) {
  std::map<std::string, std::string> answers;
  for (const auto& a : action.answers)
    if (a.fallback) answers[a.name] = *a.fallback;
  return answers;
}

journal::Draft request_of(const Request& request, const char* what, const journal::Doer& by) {
  journal::Draft d = Core::draft(kinds::kRequest);
  d.step = request.step;
  d.actor = request.actor;
  d.data = Json{{"what", what}};
  if (!request.reason.empty()) d.data["reason"] = request.reason;
  put(d.data, by);
  put(d.data, request.proof);
  return d;
}

}  // namespace

void Steps::begin(const Id& id, const plan::Ask& action) {
  const Holding held = holding_of(core_.plan(), core_.state(), action.role);
  if (held.holder.empty()) return fail(id, "nobody holds the role " + action.role);
  ask_person(id, action, held.holder, {});
}

void Steps::ask_person(const Id& id, const plan::Ask& action, const std::string& person,
                       const std::string& escalated_from) {
  const auto say = plan::resolve(action.say, core_.bindings());
  if (!say) return fail(id, say.error().what);
  const Duration within = under_.at(id).step->within;
  journal::Draft d = Core::draft(kinds::kStepAsked);
  d.step = id;
  d.deadline = core_.wall() + within;
  d.data =
      Json{{"role", action.role}, {"person", person}, {"say", *say}, {"answers", Json::array()}};
  if (!escalated_from.empty()) d.data["escalated_from"] = escalated_from;
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
  const Holding held = holding_of(core_.plan(), core_.state(), action.role);
  const std::string within = format_duration(under.step->within);
  if (action.late == plan::Late::escalate && !under.escalated && !held.deputy.empty()) {
    under.escalated = true;
    return ask_person(id, action, held.deputy, held.holder);
  }
  const auto& step = core_.state().steps.at(id);
  if (under.escalated)
    return fail(id, fmt::format("nobody answered: neither {} within {} nor, after that, {} within "
                                "the same time again",
                                step.escalated_from, within, step.asked_of));
  if (action.late != plan::Late::proceed)
    return fail(id, fmt::format("nobody answered within {}", within));
  if (const auto name = without_default(action); !name.empty())
    return fail(id, fmt::format("nobody answered, and {} has no default", name));
  answered(id, defaults_of(action), {}, true);
}

void Steps::answered(const Id& id, const std::map<std::string, std::string>& answers,
                     const journal::Doer& by, bool late) {
  for (const auto& [name, value] : answers) core_.bindings()[name] = value;
  journal::Draft d = Core::draft(kinds::kStepAnswered);
  d.step = id;
  d.actor = by.actor;
  d.outcome = late ? "late" : "ok";
  d.data = Json{{"answers", answers}};
  put(d.data, by);
  core_.record(std::move(d));
  Ending ending;
  ending.mark = std::get<plan::Ask>(under_.at(id).step->action).mark;
  if (late) ending.why = "nobody answered in time; the drill went on with the defaults";
  finish(id, std::move(ending));
}

std::string Steps::take(const Request& request) {
  using What = Request::What;
  const auto it = under_.find(request.step);
  if (it == under_.end()) return fmt::format("step '{}' is not waiting for anybody", request.step);
  if (const auto* wanted = std::get_if<plan::Approve>(&it->second.step->action))
    return take_approval(request, *wanted);
  const auto* action = std::get_if<plan::Ask>(&it->second.step->action);
  if (!action) return fmt::format("step '{}' does not ask a person", request.step);
  if (request.what == What::approve)
    return fmt::format("step '{}' is not approved but answered", request.step);
  const bool owes = request.what == What::fail_step || request.what == What::skip_step;
  if (owes && trimmed(request.reason).empty()) return "a reason is needed";
  const auto& step = core_.state().steps.at(request.step);
  const Leave leave = leave_for(core_.plan(), asked_by(core_.plan(), core_.state(), step), request);
  if (!leave.refused.empty()) return fmt::format("step '{}': {}", request.step, leave.refused);
  switch (request.what) {
    case What::acknowledge:
      return acknowledge(request, leave.by);
    case What::skip_step:
      return skip(request, *action, leave.by);
    case What::fail_step:
      core_.record(request_of(request, "fail", leave.by));
      fail(request.step, request.reason);
      return {};
    default:
      return answer(request, *action, leave.by);
  }
}

std::string Steps::acknowledge(const Request& request, const journal::Doer& by) {
  const auto& step = core_.state().steps.at(request.step);
  for (const auto& act : step.acts)
    if (act.what == "ack" && act.by.actor.principal == by.actor.principal)
      return fmt::format("{} has acknowledged step '{}' already", by.actor.principal, request.step);
  if (step.acts.size() >= kAcksMax)
    return fmt::format("step '{}' was acknowledged {} times, which is the most", request.step,
                       kAcksMax);
  core_.record(request_of(request, "ack", by));
  return {};
}

std::string Steps::skip(const Request& request, const plan::Ask& action, const journal::Doer& by) {
  if (const auto name = without_default(action); !name.empty())
    return fmt::format("'{}' has no default, and later steps go by it: answer the step, or fail it",
                       name);
  const auto answers = defaults_of(action);
  for (const auto& [name, value] : answers) core_.bindings()[name] = value;
  journal::Draft d = request_of(request, "skip", by);
  if (!answers.empty()) d.data["answers"] = answers;
  core_.record(std::move(d));
  finish(request.step,
         {How::skipped,
          fmt::format("{} skipped it: {}", by.person.empty() ? by.actor.principal : by.person,
                      request.reason),
          {},
          {},
          {},
          {}});
  return {};
}

std::string Steps::answer(const Request& request, const plan::Ask& action,
                          const journal::Doer& by) {
  const bool done = request.what == Request::What::done;
  if (done && !action.answers.empty())
    return fmt::format("step '{}' asks for '{}': it wants an answer", request.step,
                       action.answers.front().name);
  std::map<std::string, std::string> answers;
  for (const auto& [name, value] : request.answers)
    if (std::none_of(action.answers.begin(), action.answers.end(),
                     [&name = name](const auto& a) { return a.name == name; }))
      return fmt::format("step '{}' does not ask for '{}'", request.step, name);
  for (const auto& a : action.answers) {
    const auto given = request.answers.find(a.name);
    if (given == request.answers.end() && !a.fallback)
      return fmt::format("'{}' must be answered", a.name);
    const std::string value = given == request.answers.end() ? *a.fallback : given->second;
    if (const auto misfit = model::misfit(value, type_of(a.type)); !misfit.empty())
      return fmt::format("'{}': {}", a.name, misfit);
    answers[a.name] = value;
  }
  journal::Draft d = request_of(request, done ? "done" : "answer", by);
  if (!done) d.data["answers"] = answers;
  core_.record(std::move(d));
  answered(request.step, answers, by, false);
  return {};
}

}  // namespace muster::engine
