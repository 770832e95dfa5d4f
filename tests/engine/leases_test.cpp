// Renewals, turn by turn: how long one may take, and what its answer tells of each effect.
#include "tests/catch.hpp"
#include "tests/engine/by_hand.hpp"

namespace muster::engine::test {
namespace {

using namespace std::chrono_literals;
using ports::Said;
using ports::Verb;
using Strings = std::vector<std::string>;

/// Until the fault is about to be injected.
struct Renewed {
  ByHand m{plan()};
  static plan::Plan plan() {
    auto plan = sim::bare_plan();
    std::erase_if(plan.slots, [](const auto& slot) { return slot.name != "primary"; });
    return sim::with_steps(std::move(plan), {sim::inject("process.pause"), sim::pause(120s)});
  }
  Renewed() {
    m.past_preflight();
    m.answer(Verb::command, Said::yes);
    m.answer(Verb::arm, Said::yes, "uptime_cs=1100\n");
  }
  std::string id() const { return m.state().effects.at(0).id; }
  Output told(const std::string& verified) {
    m.after(5s);
    return m.answer(
        Verb::renew, Said::yes,
        "uptime_cs=2000\neffect." + id() + "=active\nverified." + id() + "=" + verified + "\n");
  }
};

TEST_CASE_METHOD(Renewed, "a renewal that takes long is waited for, and is not lost") {
  m.answer(Verb::inject, Said::yes);
  m.after(5s);
  REQUIRE(m.waiting(Verb::renew) == 1);
  CHECK(m.calls().back().call.within == 10s);
  CHECK(verbs_of(m.after(5s)).empty());  // none on top of it
  m.answer(Verb::renew, Said::yes, "effect." + id() + "=active\n");
  CHECK_FALSE(m.state().hosts.at("db1").lease_lost);
  CHECK(verbs_of(m.after(5s)) == Strings{"renew"});
}

TEST_CASE_METHOD(Renewed, "one that was not answered is followed at once, if another fell due") {
  m.answer(Verb::inject, Said::yes);
  m.after(5s);
  CHECK(verbs_of(m.answer(Verb::renew, Said::unknown)).empty());  // a quick no: at the next beat
  m.after(5s);
  m.after(5s);
  CHECK(verbs_of(m.answer(Verb::renew, Said::unknown)) == Strings{"renew"});
  CHECK_FALSE(m.state().hosts.at("db1").lease_lost);
}

TEST_CASE_METHOD(Renewed, "what was armed while a renewal was under way is not missed in it") {
  m.after(5s);
  REQUIRE(m.waiting(Verb::renew) == 1);
  m.answer(Verb::inject, Said::yes);
  CHECK(kinds_of(m.answer(Verb::renew, Said::yes, "uptime_cs=2000\n")).empty());
  m.after(5s);
  const Output out = m.answer(Verb::renew, Said::yes, "uptime_cs=2500\n");
  CHECK(kinds_of(out) == Strings{"effect.reverting", "step.finished"});
  CHECK(verbs_of(out) == Strings{"revert+"});
}

TEST_CASE_METHOD(Renewed, "one bad look does not make a responder") {
  m.answer(Verb::inject, Said::yes);
  told("no");
  const bool recovers = GENERATE(true, false);
  told(recovers ? "yes" : "unknown");
  m.on(Request{});
  m.answer(Verb::revert, Said::yes, "healed_by=revert\n");
  CHECK(m.state().effects.at(0).healed_by == (recovers ? "revert" : "responder"));
}

}  // namespace
}  // namespace muster::engine::test
