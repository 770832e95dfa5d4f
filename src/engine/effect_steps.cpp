// The steps whose effects are undone again: `inject`, and what `revert` and `teardown` undo. Those
// of a `run` with undo go the same way.
#include <fmt/format.h>

#include <memory>

#include "engine/steps.hpp"
#include "plan/calls.hpp"

namespace muster::engine {

void Steps::effect_on_all(const Id& id, const std::string& slot, const plan::Script& script,
                          std::map<std::string, std::string> values,
                          const std::string& standard_input) {
  struct Tally {
    std::size_t left;
    std::vector<std::string> problems;
  };
  const auto& hosts = targets_.hosts_of(slot);
  // Looking at hosts took its time.
  if (frozen()) return;
  // Announced in the same turn: what another branch counts next counts these too.
  if (!limits_.admit(id, hosts)) return;
  auto tally = std::make_shared<Tally>(Tally{hosts.size(), {}});
  std::vector<std::string> ids;
  // All intents in one batch: they become durable together, before anything is sent.
  for (const auto& host : hosts)
    ids.push_back(effects_.announce({id, host, &script, values, false}));
  const auto one = [this, id, tally](bool ok, const std::string& why) {
    if (!ok) tally->problems.push_back(why);
    if (--tally->left > 0) return;
    if (tally->problems.empty()) return finish(id, {});
    finish(id, {How::unknown, tally->problems.front(), {}, {}, {}, {}});
  };
  for (const auto& effect : ids)
    effects_.arm(effect, [this, effect, one, standard_input](bool ok, const std::string& why) {
      if (!ok) return one(false, why);
      effects_.inject(effect, standard_input, one);
    });
}

void Steps::begin(const Id& id, const plan::Inject& action) {
  auto values = plan::resolve(action.values, core_.bindings());
  if (!values) return fail(id, values.error().what);
  limits_.look([this, id, &action, bound = *values] {
    if (!under_way(id)) return;
    targets_.confirm_role(action.slot, [this, id, &action, bound](bool ok, const std::string& why) {
      if (!under_way(id)) return;
      ok ? inject_now(id, action, bound) : fail(id, why);
    });
  });
}

void Steps::inject_now(const Id& id, const plan::Inject& action,
                       std::map<std::string, std::string> bound) {
  const plan::Script& script = core_.plan().scripts.at(action.fault);
  // A guardian acts on a named host with that host's own switch: power commands ride as
  // parameters.
  if (script.healer == catalogue::Healer::guardian) {
    const auto& host = core_.plan().hosts.at(targets_.hosts_of(action.slot).front());
    bound["node"] = host.address.name;
    plan::put_list(bound, "down", host.power->down);
    plan::put_list(bound, "up", host.power->up);
    plan::put_list(bound, "status", host.power->status);
  }
  effect_on_all(id, action.slot, script, std::move(bound));
}

void Steps::undo_effects_of(const Id& id, const Id& of) {
  std::vector<std::string> ids;
  for (const auto& e : core_.state().effects) {
    if (e.step != of) continue;
    if (e.status == journal::EffectStatus::held)
      return fail(id, fmt::format("{} on {} is held by the no-return step: it is still there, and "
                                  "is not undone by itself any more",
                                  e.script, e.host));
    if (!journal::is_over(e.status)) ids.push_back(e.id);
  }
  if (ids.empty())
    return finish(id, {How::passed, "nothing of it was left to undo", {}, {}, {}, {}});
  auto left = std::make_shared<std::size_t>(ids.size());
  auto problem = std::make_shared<std::string>();
  for (const auto& effect : ids)
    effects_.revert(effect, "a step asked for it",
                    [this, id, left, problem](bool ok, const std::string& why) {
                      if (!ok) *problem = why;
                      if (--*left > 0) return;
                      if (problem->empty()) return finish(id, {});
                      fail(id, *problem);
                    });
}

void Steps::begin(const Id& id, const plan::Revert& action) {
  undo_effects_of(id, action.step);
}
void Steps::begin(const Id& id, const plan::Teardown& action) {
  undo_effects_of(id, action.step);
}

}  // namespace muster::engine
