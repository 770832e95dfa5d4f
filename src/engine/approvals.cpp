// The step `approve`: so many people of some teams must sign before the drill goes on. Each counts
// once, and who started the run does not count.
#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "engine/people.hpp"
#include "engine/requests.hpp"
#include "engine/steps.hpp"
#include "journal/kinds.hpp"

namespace muster::engine {

namespace kinds = journal::kinds;

namespace {

bool is_in(const std::vector<std::string>& list, const std::string& word) {
  return std::find(list.begin(), list.end(), word) != list.end();
}

/// Why this person cannot approve here; "": they can.
std::string unfit_for(const plan::Plan& plan, const journal::RunState& state,
                      const plan::Approve& wanted, const journal::Actor& actor) {
  const auto* who = anybody_of(plan, actor);
  const auto teams = joined(wanted.from, ", ");
  if (actor.assurance != journal::kSignedKey || !who)
    return fmt::format("an approval is signed with the SSH key of somebody of {}", teams);
  if (who->service) return fmt::format("{} is a service: it approves nothing", who->id);
  if (std::none_of(wanted.from.begin(), wanted.from.end(),
                   [&](const auto& team) { return is_in(who->teams, team); }))
    return fmt::format("{} is in none of {}", who->id, teams);
  const auto* starter = anybody_of(plan, state.actor);
  if (starter && starter->id == who->id)
    return fmt::format("{} started this run, and nobody approves what they started", who->id);
  return {};
}

}  // namespace

void Steps::begin(const Id& id, const plan::Approve& action) {
  ask_for_signatures(id, action, false);
}

void Steps::ask_for_signatures(const Id& id, const plan::Approve& action, bool again) {
  const auto say = plan::resolve(action.say, core_.bindings());
  if (!say) return fail(id, say.error().what);
  const Duration within = under_.at(id).step->within;
  journal::Draft d = Core::draft(kinds::kStepAsked);
  d.step = id;
  d.deadline = core_.wall() + within;
  d.data = Json{{"approve", {{"from", action.from}, {"need", action.need}}},
                {"say", *say},
                {"answers", Json::array()}};
  if (again) d.data["again"] = true;
  core_.record(std::move(d));
  under_.at(id).deadline = core_.at(core_.now() + within, [this, id] { too_few_signed(id); });
}

void Steps::too_few_signed(const Id& id) {
  if (!under_way(id)) return;
  Under& under = under_.at(id);
  const auto& action = std::get<plan::Approve>(under.step->action);
  if (action.late == plan::Late::escalate && !under.escalated) {
    under.escalated = true;
    return ask_for_signatures(id, action, true);
  }
  const auto have = journal::approvals_of(core_.state().steps.at(id));
  fail(id, fmt::format("{} of {} approved within {}{}{}", have.size(), action.need,
                       format_duration(under.step->within), under.escalated ? ", asked twice" : "",
                       have.empty() ? "" : ": " + joined(have, ", ")));
}

std::string Steps::take_approval(const Request& request, const plan::Approve& wanted) {
  using What = Request::What;
  if (request.what != What::approve && request.what != What::fail_step &&
      request.what != What::acknowledge)
    return fmt::format("step '{}' waits for signatures: muster step approve {}", request.step,
                       request.step);
  const auto& step = core_.state().steps.at(request.step);
  if (auto why = unfit_for(core_.plan(), core_.state(), wanted, request.actor); !why.empty())
    return fmt::format("step '{}': {}", request.step, why);
  const journal::Doer by{request.actor, anybody_of(core_.plan(), request.actor)->id, {}, {}};
  const auto record = [&](const char* what) {
    journal::Draft d = asked(core_, request, what);
    d.step = request.step;
    put(d.data, by);
    core_.record(std::move(d));
  };
  if (request.what == What::acknowledge) {
    if (step.acts.size() >= kAcksMax) return "it was acknowledged often enough";
    record("ack");
    return {};
  }
  if (request.what == What::fail_step) {
    if (trimmed(request.reason).empty()) return "a reason is needed";
    record("fail");
    fail(request.step, fmt::format("{} refused: {}", by.person, request.reason));
    return {};
  }
  if (is_in(journal::approvals_of(step), by.person))
    return fmt::format("{} has approved step '{}' already", by.person, request.step);
  record("approve");
  const auto have = journal::approvals_of(core_.state().steps.at(request.step));
  if (have.size() < wanted.need) return {};
  Ending ending;
  ending.evidence = "approved by " + joined(have, ", ");
  finish(request.step, std::move(ending));
  return {};
}

}  // namespace muster::engine
