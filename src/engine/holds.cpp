// Before a step of no return: every dead-man is taken off, and that is proven.
#include <fmt/format.h>

#include <memory>

#include "engine/effects.hpp"
#include "journal/kinds.hpp"

namespace muster::engine {

namespace kinds = journal::kinds;
using journal::EffectStatus;
using ports::Answer;
using ports::Said;
using ports::Verb;

void Effects::hold_all(Done done) {
  // What is neither proven nor over can be undone by its dead-man at any moment: in doubt it is not
  // gone on.
  for (const auto& e : core_.state().effects)
    if (!journal::is_over(e.status) && e.status != EffectStatus::active)
      return done(false, fmt::format("{} on {} is {}: nothing can be built upon it", e.script,
                                     e.host, name_of(e.status)));
  std::vector<std::string> ids;
  for (const auto& e : core_.state().effects)
    if (e.status == EffectStatus::active) ids.push_back(e.id);
  if (ids.empty()) return done(true, {});
  ask_before_hold(ids, [this, ids, done](const std::string& problem) {
    if (!problem.empty()) return done(false, problem);
    take_off(ids, done);
  });
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
                 // Nothing that cannot be taken back has happened yet: in doubt stop and revert,
                 // also what was to be held. Where the run was stopped meanwhile, and an earlier
                 // such step was taken, the verdict says that it is held, and hosts were told to
                 // forget it: they would call an undo done that nobody did.
                 if (!problem->empty() && !core_.state().result)
                   for (const auto& held : ids)
                     revert(held, "the no-return step was not taken",
                            [](bool, const std::string&) {});
                 done(problem->empty(), *problem);
               });
}

}  // namespace muster::engine
