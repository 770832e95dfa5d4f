// The step `restore`: armed as an effect whose undo is the teardown, then one phase after the other
// as the provider's flow asks for them.
#include <fmt/format.h>

#include "engine/steps.hpp"
#include "journal/kinds.hpp"

namespace muster::engine {

namespace kinds = journal::kinds;
using catalogue::RestoreAnswer;

namespace {

RestoreAnswer::Is is_of(ports::Said said) {
  switch (said) {
    case ports::Said::yes:
      return RestoreAnswer::Is::yes;
    case ports::Said::no:
      return RestoreAnswer::Is::no;
    case ports::Said::unknown:
      return RestoreAnswer::Is::unknown;
    default:
      return RestoreAnswer::Is::could_not;
  }
}

}  // namespace

void Steps::begin(const Id& id, const plan::Restore& action) {
  auto values = plan::resolve(action.values, core_.bindings());
  if (!values) return fail(id, values.error().what);
  const auto& provider = catalogue::restore_providers().at(action.provider);
  for (const auto& problem : provider.check(*values, catalogue::Spelt::bound))
    return fail(id, problem);
  limits_.look([this, id, &action, bound = *values] {
    if (under_way(id)) restore_now(id, action, bound);
  });
}

void Steps::restore_now(const Id& id, const plan::Restore& action,
                        const std::map<std::string, std::string>& bound) {
  const std::string host = targets_.hosts_of(action.slot).front();
  if (frozen() || !limits_.admit(id, {host})) return;
  const auto& provider = catalogue::restore_providers().at(action.provider);
  under_.at(id).flow = provider.flow(bound, action.seed);
  const std::string effect =
      effects_.announce({id, host, &core_.plan().scripts.at(action.provider), bound, true});
  effects_.arm(effect, [this, id, effect](bool ok, const std::string& why) {
    if (!under_way(id)) return;
    if (!ok) return finish(id, {How::unknown, why, {}, {}, {}, {}});
    restore_next(id, effect, under_.at(id).flow->begin(core_.now(), core_.wall()));
  });
}

void Steps::restore_next(const Id& id, const std::string& effect, catalogue::RestoreNext next) {
  if (auto* question = std::get_if<catalogue::RestoreQuestion>(&next))
    return restore_ask(id, effect, std::move(*question));
  Ending ending;
  if (const auto* failed = std::get_if<catalogue::RestoreFailed>(&next)) {
    ending.how = How::failed;
    ending.why = failed->why;
  } else if (const auto* unsure = std::get_if<catalogue::RestoreUnsure>(&next)) {
    ending.how = How::unknown;
    ending.why = unsure->why;
  } else if (const auto* invalid = std::get_if<catalogue::RestoreInvalid>(&next)) {
    ending.how = How::failed;
    ending.why = invalid->why;
  }
  finish(id, std::move(ending));
}

void Steps::restore_ask(const Id& id, const std::string& effect,
                        catalogue::RestoreQuestion question) {
  const auto& e = *core_.state().effect(effect);
  ports::Call call;
  call.host = core_.plan().hosts.at(e.at).address;
  call.verb = ports::Verb::phase;
  call.long_job = true;
  call.effect = effect;
  call.within = question.within;
  call.values = {{"phase", question.phase},
                 {"store", core_.settings().store},
                 {"epoch", std::to_string(core_.settings().context.epoch)}};
  for (const auto& [name, value] : question.values) call.values["p_" + name] = value;
  // What is about to be done stands in the record before it is: a restore's phases change the
  // target.
  journal::Draft about_to = core_.about(kinds::kRestorePhase, e);
  about_to.outcome = "started";
  about_to.data =
      Json{{"phase", question.phase}, {"detail", question.detail}, {"values", question.values}};
  core_.record(std::move(about_to));
  core_.call(std::move(call), false, [this, id, effect, question](const ports::Answer& answer) {
    if (!under_way(id)) return;
    const auto& state = *core_.state().effect(effect);
    journal::Draft d = core_.about(kinds::kRestorePhase, state);
    d.outcome = ports::name_of(answer.said);
    d.data = Json{{"phase", question.phase},
                  {"detail", question.detail},
                  {"sent", journal::json_ns(ns(answer.sent))},
                  {"done", journal::json_ns(ns(answer.done))},
                  {"evidence", evidence_text(answer.evidence)},
                  {"output", evidence_text(answer.output)}};
    core_.record(std::move(d));
    // From the first phase that said yes on there may be something of ours on the host.
    if (answer.said == ports::Said::yes && state.status == journal::EffectStatus::injecting)
      effects_.proven(effect, answer.sent, answer.done, "phase " + question.phase);
    const auto axis = core_.wall() - WallTime{core_.now().time_since_epoch()};
    RestoreAnswer told{is_of(answer.said), answer.evidence,
                       answer.output,      answer.sent,
                       answer.done,        WallTime{answer.sent.time_since_epoch()} + axis};
    restore_next(id, effect, under_.at(id).flow->on(told));
  });
}

}  // namespace muster::engine
