// Drives a Machine by hand: no clock, no driver. What it asks for piles up here until it is
// answered.
#pragma once
#include <deque>
#include <string>
#include <vector>

#include "engine/machine.hpp"
#include "tests/sim/dice.hpp"
#include "tests/sim/plans.hpp"
#include "tests/sim/process.hpp"

namespace muster::engine::test {

class ByHand {
 public:
  explicit ByHand(plan::Plan plan) : machine_{std::move(plan), settings()} {}

  Output begin() { return take(machine_.begin(now_, wall())); }
  Output on(decltype(Input::what) what) {
    return take(machine_.on({now_, wall(), std::move(what)}));
  }
  Output after(Duration d) {
    now_ += d;
    return on(Tick{});
  }
  /// Answers the oldest call of this verb.
  Output answer(ports::Verb verb, ports::Said said, const std::string& evidence = {}) {
    const auto it = std::find_if(calls_.begin(), calls_.end(),
                                 [&](const CallHost& c) { return c.call.verb == verb; });
    if (it == calls_.end()) throw std::logic_error("no such call is waiting");
    HostAnswered answered{it->id, {}};
    calls_.erase(it);
    answered.answer.said = said;
    answered.answer.evidence = evidence;
    answered.answer.sent = now_;
    answered.answer.done = now_ += std::chrono::milliseconds{10};
    return on(std::move(answered));
  }
  /// Through preflight, with every host as it should be.
  Output past_preflight() {
    begin();
    while (waiting(ports::Verb::facts))
      answer(ports::Verb::facts, ports::Said::yes,
             "uptime_cs=1000\ntool.sh=yes\nmachine_id=m" + std::to_string(++hosts_) + "\n");
    if (waiting(ports::Verb::command)) {
      answer(ports::Verb::command, ports::Said::yes);
      answer(ports::Verb::command, ports::Said::no);
    }
    Output last;
    while (waiting(ports::Verb::lock)) last = answer(ports::Verb::lock, ports::Said::yes);
    return last;
  }

  std::size_t waiting(ports::Verb verb) const {
    return static_cast<std::size_t>(std::count_if(
        calls_.begin(), calls_.end(), [&](const CallHost& c) { return c.call.verb == verb; }));
  }
  const std::deque<CallHost>& calls() const { return calls_; }
  const journal::RunState& state() const { return machine_.state(); }

 private:
  Settings settings() {
    Settings s;
    s.context = sim::context_of("run-1");
    s.store = "store-1";
    s.new_id = [this] { return dice_.id(); };
    return s;
  }
  WallTime wall() const { return WallTime{now_.time_since_epoch()} + std::chrono::hours{24 * 365}; }
  Output take(Output out) {
    for (const auto& action : out.actions)
      if (const auto* call = std::get_if<CallHost>(&action.what)) calls_.push_back(*call);
    return out;
  }

  sim::Dice dice_{1};
  Instant now_ = instant(1'000'000'000);
  Machine machine_;
  std::deque<CallHost> calls_;
  int hosts_ = 0;
};

/// The kinds of its drafts.
inline std::vector<std::string> kinds_of(const Output& out) {
  std::vector<std::string> kinds;
  for (const auto& draft : out.drafts) kinds.push_back(draft.action);
  return kinds;
}
/// The verbs of its calls, those that heal with a "+".
inline std::vector<std::string> verbs_of(const Output& out) {
  std::vector<std::string> verbs;
  for (const auto& action : out.actions)
    if (const auto* call = std::get_if<CallHost>(&action.what))
      verbs.push_back(std::string{name_of(call->call.verb)} + (action.heals ? "+" : ""));
  return verbs;
}

}  // namespace muster::engine::test
