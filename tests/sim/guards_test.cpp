// `abort_if`: what must not be hurt is watched, and stops the drill when it is not told to hold.
#include "tests/catch.hpp"
#include "tests/sim/world.hpp"

namespace muster::sim {
namespace {

using namespace std::chrono_literals;
using Strings = std::vector<std::string>;

plan::Guard guard(plan::Condition condition, Duration fails_for = 30s) {
  return {"payments", std::move(condition), fails_for, 3s, 2s, "drills/d.yaml:5:3"};
}

enum class Comes { bad, silence, not_asked };

struct Guarded {
  World w{5};
  ~Guarded() { CHECK(w.breaches == Strings{}); }

  /// With a check at its end: without one nothing would be judged.
  static plan::Plan guarded(plan::Guard g, std::vector<plan::Step> steps) {
    steps.push_back(check(command_holds("front", {"true"})));
    auto plan = with_steps(bare_plan(), std::move(steps));
    plan.guards = {std::move(g)};
    return plan;
  }
  void make(Comes what, bool on) {
    if (what == Comes::bad) w.cluster.front = on ? "lb1" : "db1";
    if (what == Comes::silence) w.cluster.silent = on;
    if (what == Comes::not_asked) w.cluster.askable = !on;
  }
  const journal::GuardState& state() { return w.state().guards.at("payments"); }
  std::size_t told(const std::string& kind) {
    std::size_t n = 0;
    for (const auto& entry : w.record().entries()) n += entry.action == kind;
    return n;
  }
  bool says(const std::string& part) {
    return w.state().verdict.dump().find(part) != std::string::npos;
  }
};

TEST_CASE_METHOD(Guarded, "not told to hold for as long as it says: stopped and reverted",
                 "[guards]") {
  struct Row {
    Comes comes;
    Duration lasts;
    const char* reason;  // "" when it goes on
  };
  const Row row = GENERATE(
      Row{Comes::bad, 25s, ""}, Row{Comes::bad, 40s, "did not hold for 30s"},
      Row{Comes::silence, 25s, ""},
      Row{Comes::silence, 40s, "could not be evaluated for 30s: in doubt the drill is stopped"},
      Row{Comes::not_asked, 25s, ""},
      Row{Comes::not_asked, 40s, "could not be evaluated for 30s: in doubt the drill is stopped"});
  CAPTURE(static_cast<int>(row.comes), row.lasts.count());
  const bool goes_on = std::string{row.reason}.empty();
  w.time.after(20s, [&] { make(row.comes, true); });
  w.time.after(20s + row.lasts, [&] { make(row.comes, false); });
  const auto began = w.time.now();
  w.drill(guarded(guard(probe_is(true)), {run_undo("front", {"true"}, {"true"}), pause(3min)}));
  CHECK(w.result() == (goes_on ? "PASS" : "ABORTED"));
  CHECK(w.verdict_state() == "clean");
  CHECK(w.effect().status == EffectIs::reverted);
  CHECK(state().fired != goes_on);
  CHECK(told("guardrail.fails") == 1);
  CHECK(told("guardrail.holds") == (goes_on ? 2 : 1));
  if (goes_on) return;
  CHECK(says("guardrail \\\"payments\\\" " + std::string{row.reason}));
  // Since the first question that was not told to hold, to the moment.
  REQUIRE(state().since);
  CHECK(*state().since - began >= 20s);
  CHECK(*state().since - began < 23s + 100ms);
  CHECK(w.step("s2") == StepIs::unknown);
  CHECK_FALSE(state().why.empty());
}

TEST_CASE_METHOD(Guarded, "what is hurt before the first effect: nothing is touched", "[guards]") {
  const auto comes = GENERATE(Comes::bad, Comes::silence, Comes::not_asked);
  make(comes, true);
  w.drill(guarded(guard(probe_is(true)), {inject("process.pause"), pause(3min)}));
  CHECK(w.result() == "NOT_RUN");
  CHECK(w.state().effects.empty());
  CHECK(says(comes == Comes::bad ? "guardrail \\\"payments\\\" does not hold: "
                                 : "guardrail \\\"payments\\\" cannot be evaluated: "));
}

TEST_CASE_METHOD(Guarded, "the drill's own fault sets it off", "[guards]") {
  w.drill(guarded(guard(probe_is(true), 10s), {inject("process.pause"), pause(3min)}));
  CHECK(w.result() == "ABORTED");
  CHECK(w.verdict_state() == "clean");
  CHECK(w.fleet.live().empty());
}

TEST_CASE_METHOD(Guarded, "after a step of no return what is there is held", "[guards]") {
  w.fleet.commands["ok"] = [this](Host&, const Strings&) {
    return CommandResult{w.cluster.front == "db2" ? 1 : 0, "", 10ms};
  };
  w.drill(guarded(guard(command_holds("front", {"ok"})),
                  {inject("process.pause"), no_return("front", {"switch", "db2"}), pause(3min)}));
  CHECK(w.result() == "ABORTED");
  CHECK(w.verdict_state() == "changed");
  CHECK(w.effect().status == EffectIs::held);
  CHECK(w.cluster.front == "db2");
  w.mend(w.effect().id);
}

TEST_CASE_METHOD(Guarded,
                 "a host that cannot be asked is not proven hurt, and stops it all the same",
                 "[guards]") {
  w.time.after(20s, [this] { w.fleet.cut("db2", 5min); });
  w.drill(guarded(guard(command_holds("standby", {"true"})),
                  {run_undo("front", {"true"}, {"true"}), pause(3min)}));
  CHECK(w.result() == "ABORTED");
  CHECK(says("could not be evaluated for 30s"));
  CHECK(state().is == journal::GuardState::Is::unknown);
}

TEST_CASE_METHOD(Guarded, "a service's state, once it was up", "[guards]") {
  auto plan = with_steps(orders_plan(), {inject("process.pause"), pause(3min)});
  plan.guards = {guard(service_is(true), 40s)};
  w.drill(plan);
  CHECK(w.result() == "ABORTED");
  CHECK(w.verdict_state() == "clean");
  CHECK(state().fired);
}

TEST_CASE_METHOD(Guarded, "it is watched while all is undone and the end is looked at",
                 "[guards]") {
  auto plan = guarded(guard(probe_is(true)), {run_undo("front", {"true"}, {"true"})});
  w.fleet.commands["later"] = [](Host&, const Strings&) { return CommandResult{1, "", 10ms}; };
  plan.ends = {named(wait_for(command_holds("front", {"later"}), 5min), "end.1")};
  w.time.after(20s, [this] { make(Comes::bad, true); });
  w.drill(plan);
  CHECK(w.result() == "ABORTED");
  CHECK(w.step("end.1") != StepIs::passed);
  CHECK(state().fired);
}

TEST_CASE_METHOD(Guarded, "one that does not hold at the end is waited for", "[guards]") {
  const auto lasts = GENERATE(15s, 60s);
  w.time.after(20s, [this] { make(Comes::bad, true); });
  w.time.after(20s + lasts, [this] { make(Comes::bad, false); });
  w.drill(guarded(guard(probe_is(true)), {run_undo("front", {"true"}, {"true"}), pause(25s)}));
  CHECK(w.result() == (lasts == 15s ? "PASS" : "ABORTED"));
  CHECK(state().fired == (lasts != 15s));
}

TEST_CASE_METHOD(Guarded, "one that does not hold at the end of a drill that touched nothing",
                 "[guards]") {
  const auto lasts = GENERATE(15s, 60s);
  w.time.after(20s, [this] { make(Comes::bad, true); });
  w.time.after(20s + lasts, [this] { make(Comes::bad, false); });
  w.drill(guarded(guard(probe_is(true)), {pause(25s)}));
  CHECK(w.result() == (lasts == 15s ? "PASS" : "ABORTED"));
  CHECK(w.state().closed);
}

TEST_CASE_METHOD(Guarded, "one that comes and goes does not stop it, and does not flood the record",
                 "[guards]") {
  for (Duration at = 10s; at < 29min; at += 8s) {
    w.time.after(at, [this] { make(Comes::bad, true); });
    w.time.after(at + 4s, [this] { make(Comes::bad, false); });
  }
  w.drill(guarded(guard(probe_is(true)), {run_undo("front", {"true"}, {"true"}), pause(25min)}));
  CHECK(w.result() == "PASS");
  CHECK(told("guardrail.fails") + told("guardrail.holds") <= 210);
}

TEST_CASE_METHOD(Guarded, "the record tells each guardrail from its first answer on", "[guards]") {
  auto plan = guarded(guard(probe_is(true)), {mark("m")});
  plan.guards.push_back({"the flag", command_holds("front", {"true"}), 30s, 3s, 2s, ""});
  w.drill(plan);
  CHECK(w.result() == "PASS");
  CHECK(w.state().guards.size() == 2);
  for (const auto& [name, guard] : w.state().guards) {
    CHECK(guard.is == journal::GuardState::Is::holds);
    CHECK(guard.asked);
  }
}

}  // namespace
}  // namespace muster::sim
