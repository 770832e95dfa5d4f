// Around a step of no return: what may not stand before it, and what may not follow.
#include "journal/kinds.hpp"
#include "tests/catch.hpp"
#include "tests/sim/story.hpp"

namespace muster::sim {
namespace {

using namespace std::chrono_literals;
using ports::Call;
using ports::Verb;

struct NoReturn {
  World w{7};
  ~NoReturn() { CHECK(w.breaches == std::vector<std::string>{}); }
};

TEST_CASE_METHOD(NoReturn,
                 "no return: what may yet happen stops the drill, whatever is asked for") {
  const auto fate = GENERATE(Fleet::Fate::lost, Fleet::Fate::answer_lost);
  w.fleet.loses = [fate](const Call& call) {
    const bool it = call.verb == Verb::command && call.argv.at(0) == "switch";
    return it ? fate : Fleet::Fate::arrives;
  };
  w.drill(with_steps(bare_plan(), {go_on(within(no_return("front", {"switch", "db2"}), 40s)),
                                   inject("process.pause", "standby")}));
  CHECK(w.step("s1") == StepIs::unknown);
  CHECK(w.step("s2") == StepIs::skipped);
  CHECK(w.state().effects.empty());
  CHECK(w.result() == "INCONCLUSIVE");
}

TEST_CASE_METHOD(NoReturn,
                 "no return: stopped while a second one holds; the hold fails afterwards") {
  w.fleet.loses = [](const Call& call) {
    if (call.verb == Verb::disarm) return Fleet::Fate::answer_lost;  // the end takes its time
    return call.verb == Verb::hold ? Fleet::Fate::lost : Fleet::Fate::arrives;
  };
  Process& p = w.begin(with_steps(bare_plan(), {no_return("front", {"switch", "db2"}),
                                                named(inject("process.pause", "standby"), "stop"),
                                                pause(5s), no_return("front", {"switch", "db1"})}));
  while (w.state().effects.empty() || w.effect().status != EffectIs::held) w.pass(1s);
  p.abort("enough");
  w.finish(p);
  w.judge_end(p);
  // Nothing was built upon it: the first such step came before it, the second one never.
  CHECK(w.effect().status == EffectIs::reverted);
  CHECK_FALSE(w.fleet.hit("db2"));
  CHECK(w.verdict_state() == "changed");
}

TEST_CASE_METHOD(
    NoReturn, "no return: the runner dies while a second one holds; it is undone by the recovery") {
  Process& p = w.begin(with_steps(bare_plan(), {no_return("front", {"switch", "db2"}),
                                                named(inject("process.pause", "standby"), "stop"),
                                                pause(5s), no_return("front", {"switch", "db1"})}));
  while (w.state().effects.empty() || w.effect().status != EffectIs::held) w.pass(1ms);
  CHECK_FALSE(w.state().steps.at("s4").no_return);
  p.kill();
  after_death(w);
  CHECK(w.effect().status == EffectIs::reverted);
  CHECK(w.fleet.live().empty());
  CHECK(w.cluster.front == "db2");
  CHECK(w.verdict_state() == "changed");
}

TEST_CASE_METHOD(NoReturn, "no return: of two at once, the second waits for what the first holds") {
  w.fleet.loses = [](const Call& call) {
    return call.verb == Verb::hold ? Fleet::Fate::lost : Fleet::Fate::arrives;
  };
  auto one = no_return("front", {"switch", "db2"}), two = no_return("front", {"promote", "db2"});
  auto stop = named(inject("process.pause"), "stop");
  auto plan = with_steps(bare_plan(), {stop, one, two});
  plan.steps[2].after = plan.steps[1].after;  // side by side
  w.drill(plan);
  CHECK(w.cluster.front == "db1");
  CHECK_FALSE(w.state().past_no_return());
  CHECK(w.fleet.live().empty());
}

TEST_CASE_METHOD(NoReturn, "no return: what was held for one that was given up is undone") {
  const auto length = GENERATE(10ms, 30ms, 50ms, 70ms, 90ms, 110ms, 150ms);
  auto stop = named(inject("process.pause"), "stop");
  w.drill(
      with_steps(bare_plan(),
                 {stop, go_on(within(no_return("front", {"switch", "db2"}), length)), pause(60s)}));
  const bool taken = w.state().past_no_return();
  CHECK((w.effect().status == EffectIs::held) == taken);
  CHECK(w.fleet.live().empty() == !taken);
}

TEST_CASE(
    "no return: the record is lost at any of its entries: nothing is built on one that is not") {
  int taken = 0;
  for (std::uint64_t n = 1; n < 30; ++n) {
    World w{n};
    for (std::uint64_t i = 0; i < 200; ++i) w.store.faults[n + i] = Fault::full;
    w.drill(with_steps(bare_plan(), {named(inject("process.pause"), "stop"),
                                     no_return("front", {"switch", "db2"})}));
    const bool switched = w.cluster.front == "db2";
    taken += switched;
    CAPTURE(n, switched);
    CHECK(w.fleet.live().empty() == !switched);
    CHECK(w.breaches == std::vector<std::string>{});
  }
  CHECK(taken > 0);
}

TEST_CASE_METHOD(NoReturn, "no return: a revert after it does not pass while the fault is held") {
  w.drill(with_steps(bare_plan(), {named(inject("process.pause", "standby"), "stop"),
                                   no_return("front", {"switch", "db2"}), revert("stop")}));
  CHECK(w.step("s3") == StepIs::failed);
  CHECK(w.state().steps.at("s3").why.find("is held by the no-return step") != std::string::npos);
  CHECK(w.result() == "FAIL");
  CHECK(w.fleet.hit("db2"));
}

TEST_CASE_METHOD(NoReturn, "no return: not upon a fault whose revert had failed") {
  w.fleet.nature("process.pause").reverts_failing = 1000;
  auto stop = named(inject("process.pause"), "stop");
  w.drill(with_steps(bare_plan(),
                     {stop, go_on(revert("stop")), no_return("front", {"switch", "db2"})}));
  CHECK(w.cluster.front == "db1");
  CHECK(w.verdict_state() == "dirty");
}

}  // namespace
}  // namespace muster::sim
