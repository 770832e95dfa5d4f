// The end of an effect: its marker goes from its host. One that stays there is in the way of every
// later drill, whose preflight finds it.
#include <memory>

#include "engine/effects.hpp"

namespace muster::engine {

using journal::EffectStatus;
using ports::Answer;
using ports::Said;
using ports::Verb;

void Effects::disarm(const std::string& id, std::function<void()> done) {
  const auto& e = effect(id);
  const bool held = e.status == EffectStatus::held;
  ports::Call call = call_for(e, Verb::disarm);
  // It is live, and meant to be; or a person answers for it.
  if (held || e.status == EffectStatus::moot) call.values["force"] = "yes";
  disarming_[id] = nullptr;
  // Of what is undone, or answered for, the marker stays until that is durable: without a record it
  // is not removed.
  core_.call(std::move(call), held, [this, id, done = std::move(done)](const Answer& answer) {
    if (answer.said == Said::yes) disarmed_.insert(id);
    const auto waiting = disarming_.extract(id);
    done();
    if (waiting && waiting.mapped()) waiting.mapped()();
  });
}

void Effects::disarm_all(std::function<void()> done) {
  auto left = std::make_shared<std::size_t>(1);
  const auto one = [left, done = std::move(done)] {
    if (--*left == 0) done();
  };
  for (const auto& e : core_.state().effects) {
    const bool held = e.status == EffectStatus::held;
    // Of a host that is gone, what its guardian waits for.
    const bool moot = e.status == EffectStatus::moot && (e.mended || e.at != e.host);
    const bool undone =
        e.status == EffectStatus::reverted || e.status == EffectStatus::self_reverted;
    if ((!held && !moot && !undone) || disarmed_.contains(e.id)) continue;
    // What is live is forgotten by force only where the record says for good that it is meant to
    // be.
    if (held && (!is_built_upon(e) || core_.record_lost())) continue;
    ++*left;
    const auto again = [this, id = e.id, one] { disarmed_.contains(id) ? one() : disarm(id, one); };
    // The first answer is on its way: only when it does not come, or says no, it is asked again.
    if (const auto it = disarming_.find(e.id); it != disarming_.end())
      it->second = again;
    else
      again();
  }
  one();
}

}  // namespace muster::engine
