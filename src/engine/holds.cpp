// Before a step of no return: every dead-man is taken off, and that is proven.
#include <fmt/format.h>

#include <memory>
#include <utility>

#include "engine/effects.hpp"
#include "journal/kinds.hpp"

namespace muster::engine {

namespace kinds = journal::kinds;
using journal::EffectStatus;
using ports::Answer;
using ports::Said;
using ports::Verb;

/// What is neither proven nor over can be undone by its dead-man at any moment: in doubt it is not
/// gone on.
std::vector<std::string> Effects::to_hold(std::string& problem) const {
  std::vector<std::string> ids;
  for (const auto& e : core_.state().effects) {
    if (journal::is_over(e.status)) continue;
    if (e.status != EffectStatus::active)
      problem = fmt::format("{} on {} is {}: nothing can be built upon it", e.script, e.host,
                            name_of(e.status));
    else if (e.restore && core_.state().steps.at(e.step).status != journal::StepStatus::passed)
      problem = fmt::format("the restore on {} did not pass: nothing can be built upon it", e.host);
    ids.push_back(e.id);
  }
  return ids;
}

void Effects::hold_all(std::function<bool()> wanted, Done done) {
  if (holding_)  // of two that are held for, the first one decides what the second one finds
    return after_hold_.push_back([this, wanted, done] {
      if (wanted()) hold_all(wanted, done);
    });
  std::string problem;
  const auto ids = to_hold(problem);
  if (!problem.empty()) return done(false, problem);
  if (ids.empty()) return done(true, {});
  holding_ = true;
  const auto over = [this, ids, wanted, done](bool ok, const std::string& why) {
    holding_ = false;
    if (ok && !wanted()) give_up_hold(ids);
    done(ok, why);
    for (auto next = std::exchange(after_hold_, {}); !next.empty(); next.pop_front())
      next.front()();
  };
  ask_before_hold(ids, [this, ids, over](const std::string& why) {
    if (!why.empty()) return over(false, why);
    take_off(ids, over);
  });
}

/// Nothing that cannot be taken back has happened: in doubt stop and revert, also what was to be
/// held. Where the run was stopped meanwhile, and an earlier such step was taken, the verdict says
/// what is held, and hosts were told to forget it: they would call an undo done that nobody did.
void Effects::give_up_hold(const std::vector<std::string>& ids) {
  if (core_.state().result) return;
  for (const auto& id : ids)
    if (!is_built_upon(effect(id)))
      revert(id, "the no-return step was not taken", [](bool, const std::string&) {});
}

/// Every host is asked once more before the first dead-man is taken off: one that does not answer
/// must not leave the others held, with nobody to mend them should this process die now.
void Effects::ask_before_hold(const std::vector<std::string>& ids,
                              std::function<void(const std::string& problem)> done) {
  std::set<std::string> hosts;
  for (const auto& id : ids) hosts.insert(effect(id).at);
  auto left = std::make_shared<std::size_t>(hosts.size());
  auto problem = std::make_shared<std::string>();
  for (const auto& host : hosts)
    core_.call(
        renewal_of(host), false, [this, host, ids, left, problem, done](const Answer& answer) {
          const auto fields = fields_of(answer.evidence);
          for (const auto& id : ids) {
            const auto& e = effect(id);
            if (e.at != host) continue;
            const auto says = fields.find("effect." + id);
            if (answer.said != Said::yes)
              *problem = fmt::format("{} does not answer ({}), so {} on {} cannot be held", host,
                                     told(answer), e.script, e.host);
            else if (e.status != EffectStatus::active || says == fields.end() ||
                     says->second != "active")
              *problem =
                  fmt::format("{} on {} is {}: nothing can be built upon it", e.script, e.host,
                              says == fields.end() ? std::string{name_of(e.status)} : says->second);
          }
          if (--*left == 0) done(*problem);
        });
}

void Effects::take_off(const std::vector<std::string>& ids, Done done) {
  for (const auto& id : ids)
    if (effect(id).status != EffectStatus::active)
      return done(false,
                  fmt::format("{} on {} is {}: nothing can be built upon it", effect(id).script,
                              effect(id).host, name_of(effect(id).status)));
  for (const auto& id : ids) core_.record(core_.about(kinds::kEffectHeld, effect(id)));
  auto left = std::make_shared<std::size_t>(ids.size());
  auto problem = std::make_shared<std::string>();
  for (const auto& id : ids)
    core_.call(call_for(effect(id), Verb::hold), false,
               [this, id, ids, left, problem, done](const Answer& answer) {
                 if (answer.said != Said::yes)
                   *problem = fmt::format("the dead-man of {} on {} could not be taken off; {}",
                                          effect(id).script, effect(id).host, told(answer));
                 if (--*left > 0) return;
                 if (!problem->empty()) give_up_hold(ids);
                 done(problem->empty(), *problem);
               });
}

}  // namespace muster::engine
