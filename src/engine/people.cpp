#include "engine/people.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"

namespace muster::engine {

namespace {

constexpr std::string_view kUnix = "unix:";
constexpr std::string_view kPerson = "person:", kToken = "token:";

const plan::Person* find_in(const std::vector<plan::Person>& people, const journal::Actor& actor) {
  // A token says whose it is.
  const bool is_token = actor.principal.starts_with(kToken);
  const std::string_view principal{is_token ? actor.on_behalf_of : actor.principal};
  const bool is_signed = principal.starts_with(kPerson);
  if (is_token && !is_signed) return nullptr;
  if (!is_signed && !principal.starts_with(kUnix)) return nullptr;
  const auto name = principal.substr(is_signed ? kPerson.size() : kUnix.size());
  const auto it = std::find_if(people.begin(), people.end(), [&](const auto& p) {
    return (is_signed ? p.id : p.unix_user) == name;
  });
  return name.empty() || it == people.end() ? nullptr : &*it;
}

/// "unix:zoe", or "unix:ana (ana)" for one of the people.
std::string shown(const journal::Doer& by) {
  return by.person.empty() ? by.actor.principal
                           : fmt::format("{} ({})", by.actor.principal, by.person);
}

}  // namespace

Holding holding_of(const plan::Plan& plan, const journal::RunState& state,
                   const std::string& role) {
  if (const auto* tenure = state.tenure(role)) return {tenure->holder, tenure->deputy};
  const auto* planned = plan.role(role);
  return planned ? Holding{planned->holder, planned->deputy} : Holding{};
}

const plan::Person* person_of(const plan::Plan& plan, const journal::Actor& actor) {
  return find_in(plan.people, actor);
}

const plan::Person* anybody_of(const plan::Plan& plan, const journal::Actor& actor) {
  const auto* person = find_in(plan.people, actor);
  return person ? person : find_in(plan.approvers, actor);
}

std::string principal_of(const std::string& person) {
  return std::string{kPerson} + person;
}

Asked asked_by(const plan::Plan& plan, const journal::RunState& state,
               const journal::StepState& step) {
  Asked out{step.role, holding_of(plan, state, step.role), {}};
  // Once the holder was silent it is the deputy's; but who took the role since then is asked.
  const bool deputys = !step.escalated_from.empty() &&
                       (step.asked_of == out.held.holder || step.asked_of == out.held.deputy);
  out.person = deputys ? step.asked_of : out.held.holder;
  return out;
}

Leave leave_for(const plan::Plan& plan, const Asked& asked, const Request& request) {
  Leave out;
  out.by.actor = request.actor;
  const auto* who = person_of(plan, request.actor);
  if (who) out.by.person = who->id;
  if (who && (who->id == asked.held.holder || who->id == asked.held.deputy)) {
    out.by.as = who->id == asked.held.holder ? "holder" : "deputy";
    return out;
  }
  if (request.as_stand_in) {
    if (trimmed(request.reason).empty())
      out.refused = fmt::format("who stands in for {} owes a reason", asked.person);
    out.by.as = "stand_in";
    return out;
  }
  const auto* wanted = plan.person(asked.person);
  // Whose a token is, is known: it is none of whoever cannot be recognised.
  const bool is_known = who || request.actor.principal.starts_with(kToken);
  if (!is_known && (!wanted || wanted->unix_user.empty())) {
    out.by.as = "not_checked";
    out.by.unchecked = fmt::format("{} has no unix user in people.yaml", asked.person);
    return out;
  }
  out.refused = fmt::format(
      "{} is asked ({}{}), and you are {}; to step in for them say --as-stand-in --reason \"why\"",
      asked.person, asked.role,
      asked.held.deputy.empty() || asked.held.deputy == asked.person
          ? ""
          : ", deputy " + asked.held.deputy,
      shown(out.by));
  return out;
}

void put(Json& data, const journal::Doer& by) {
  if (!by.person.empty()) data["person"] = by.person;
  if (!by.as.empty()) data["as"] = by.as;
  if (!by.unchecked.empty()) data["not_checked"] = by.unchecked;
}

}  // namespace muster::engine
