// What each word of a playbook does to the hosts, the record and the verdict, in calm weather.
#include <algorithm>

#include "tests/catch.hpp"
#include "tests/sim/people.hpp"
#include "tests/sim/world.hpp"

namespace muster::sim {
namespace {

using namespace std::chrono_literals;
using Strings = std::vector<std::string>;

/// Only those entries whose kind begins so.
Strings told(World& w, const std::string& prefix) {
  Strings out;
  for (const auto& line : w.record().story())
    if (line.starts_with(prefix)) out.push_back(line);
  return out;
}

struct Fine {
  World w{1};
  ~Fine() {
    w.pass(1s);  // what nobody waits for any more may be on its way
    CHECK(w.breaches == Strings{});
    CHECK(w.fleet.live().empty());
    for (const auto& [name, host] : w.fleet.hosts()) {
      INFO(name);
      CHECK_FALSE(host.lock);
      CHECK(host.effects.empty());
    }
  }
};

TEST_CASE_METHOD(Fine, "inject: put in, proven, kept alive beyond its lease, reverted at the end") {
  w.begin(with_steps(bare_plan(), {named(inject("process.pause"), "stop"), pause(90s)}));
  w.pass(60s);
  CHECK(w.fleet.hit("db1"));
  CHECK_FALSE(w.fleet.hit("db2"));
  w.pass(60s);
  CHECK(told(w, "effect.") == Strings{"effect.intent stop", "effect.armed stop",
                                      "effect.injecting stop", "effect.active stop",
                                      "effect.reverting stop", "effect.reverted stop"});
  CHECK(w.result() == "INCONCLUSIVE");  // nothing was judged
  CHECK(w.verdict_state() == "clean");
  CHECK(w.effect().healed_by == "revert");
}

TEST_CASE_METHOD(Fine, "inject: on all hosts of a slot at once, all intents first") {
  w.drill(with_steps(bare_plan(), {named(inject("process.pause", "both"), "stop"), pause(5s)}));
  const auto story = told(w, "effect.");
  REQUIRE(story.size() == 12);
  CHECK(story[0] == "effect.intent stop");
  CHECK(story[1] == "effect.intent stop");
}

TEST_CASE_METHOD(Fine, "inject: node.kill is armed at the guardian and undone by power") {
  w.begin(with_steps(bare_plan(), {inject("node.kill"), pause(60s)}));
  w.pass(40s);
  CHECK_FALSE(w.fleet.host("db1").up);
  CHECK(w.fleet.host("controller").effects.size() == 1);
  w.pass(60s);
  CHECK(w.fleet.host("db1").up);
  CHECK(w.effect().host == "db1");
  CHECK(w.effect().at == "controller");
}

TEST_CASE_METHOD(Fine,
                 "revert: a step undoes an earlier one, and the end finds nothing left to do") {
  w.drill(with_steps(bare_plan(), {named(inject("disk.fill"), "fill"), revert("fill"), pause(5s)}));
  CHECK(told(w, "effect.revert").size() == 2);
  CHECK(w.step("s2") == StepIs::passed);
}

TEST_CASE_METHOD(Fine, "a drill that touches no host and asks nobody is over in its first turn") {
  auto plan = with_steps(bare_plan(), {tell("hello"), mark("said")});
  plan.slots.clear();
  CHECK(w.drill(std::move(plan)).ended());
  CHECK(told(w, "step.finished").size() == 2);
  CHECK(w.result() == "INCONCLUSIVE");  // nothing was judged
  CHECK(w.verdict_state() == "clean");
}

TEST_CASE_METHOD(Fine, "run: with an undo it is an effect, done and undone") {
  w.drill(with_steps(bare_plan(), {run_undo("front", {"drain"}, {"undrain"})}));
  CHECK(w.effect().script == "command");
  CHECK(w.effect().values.at("do_0") == "drain");
  CHECK(w.effect().values.at("undo_0") == "undrain");
  CHECK(w.effect().status == EffectIs::reverted);
}

TEST_CASE_METHOD(Fine, "restore: phase after phase, longer than a lease, torn down in the end") {
  w.drill(restore_test());
  CHECK(w.result() == "PASS");
  CHECK(w.verdict_state() == "clean");
  CHECK(w.effect().restore);
  CHECK(w.state().steps.at("copy").restore.at("backups").size() == 2);
  CHECK(told(w, "restore.phase copy started").size() == told(w, "restore.phase copy yes").size());
}

TEST_CASE_METHOD(Fine, "restore: without a teardown it goes at the end, like every effect") {
  w.drill(with_steps(bare_plan(), {named(restore("standby", {}), "copy")}));
  CHECK(w.effect().status == EffectIs::reverted);
  CHECK(w.step("copy") == StepIs::passed);
}

TEST_CASE_METHOD(Fine, "restore: a phase that could not be evaluated is never a pass") {
  w.fleet.phases = [ordinary = w.fleet.phases](const ports::Call& call) {
    if (value_of(call, "phase") == "validate") return PhaseResult{ports::Said::could_not, {}};
    return ordinary(call);
  };
  w.drill(restore_test());
  CHECK(w.step("copy") == StepIs::unknown);
  CHECK(w.result() == "INCONCLUSIVE");
}

TEST_CASE_METHOD(
    Fine, "check: what holds passes, what does not stops the drill before anything was touched") {
  struct Row {
    const char* command;
    StepIs step;
    const char* result;
  };
  const Row row =
      GENERATE(Row{"true", StepIs::passed, "PASS"}, Row{"false", StepIs::failed, "NOT_RUN"});
  w.drill(with_steps(bare_plan(), {check(command_holds("both", {row.command}))}));
  CHECK(w.step("s1") == row.step);
  CHECK(w.result() == row.result);
}

TEST_CASE_METHOD(Fine, "check: after a disruption it fails the drill") {
  w.drill(with_steps(
      bare_plan(), {inject("process.pause"), check(command_holds("front", {"false"})), pause(1s)}));
  CHECK(w.result() == "FAIL");
  CHECK(w.step("s3") == StepIs::skipped);
}

TEST_CASE_METHOD(Fine, "on_failure: continue lets the next step begin") {
  w.drill(with_steps(bare_plan(), {inject("process.pause"),
                                   go_on(check(command_holds("front", {"false"}))), mark("on")}));
  CHECK(w.result() == "FAIL");
  CHECK(w.step("s3") == StepIs::passed);
}

TEST_CASE_METHOD(Fine, "wait: until a command holds, or the time is over") {
  const bool comes = GENERATE(true, false);
  const Instant ready = w.time.now() + (comes ? 20s : 1h);
  w.fleet.commands["ready"] = [this, ready](Host&, const Strings&) {
    return CommandResult{w.time.now() >= ready ? 0 : 1, {}, 10ms};
  };
  w.drill(with_steps(bare_plan(), {wait_for(command_holds("front", {"ready"}), 1min)}));
  CHECK(w.step("s1") == (comes ? StepIs::passed : StepIs::failed));
}

TEST_CASE_METHOD(Fine, "wait: for a service to be lost and to be served again") {
  w.drill(with_steps(orders_plan(),
                     {named(inject("process.pause"), "stop"), wait_for(service_is(false)),
                      revert("stop"), wait_for(service_is(true))}));
  CHECK(w.result() == "PASS");
  CHECK(w.verdict_state() == "clean");
}

TEST_CASE_METHOD(Fine, "ask: an answer reaches the steps after it") {
  people_answer(w, 30s);
  auto plan =
      with_steps(bare_plan(), {named(ask(plan::Late::fail), "choice"), tell("to ${recover_to}")});
  w.drill(plan);
  CHECK(w.state().steps.at("choice").answered_by == "unix:chen");
  CHECK(w.state().steps.at("s2").output == "to latest");
  REQUIRE(w.state().moments.size() == 1);
  CHECK(w.state().moments[0].name == "decided");
}

TEST_CASE_METHOD(Fine, "ask: what people take away by hand is the drill's, and is judged") {
  const auto rto = GENERATE(Duration{20s}, Duration{60s});
  people_answer(w, 50s);
  auto plan = with_steps(orders_plan(), {pause(10s), named(ask(plan::Late::fail), "by hand")});
  plan.objectives.front().rto = rto;
  Process& p = w.begin(plan);
  while (!w.state().steps.contains("by hand")) w.pass(1s);
  w.power("db1", false);
  w.pass(30s);
  w.power("db1", true);
  w.finish(p);
  w.judge_end(p);
  CAPTURE(w.state().verdict.dump());
  CHECK(w.result() == (rto == 60s ? "PASS" : "FAIL"));
  CHECK(w.state().verdict.dump().find("undeclared") == std::string::npos);
}

TEST_CASE_METHOD(Fine, "ask: nobody answers") {
  struct Row {
    plan::Late late;
    const char* answers;  // who is there; "nobody"
    StepIs step;
    const char* by;
  };
  const Row row = GENERATE(Row{plan::Late::fail, "nobody", StepIs::failed, ""},
                           Row{plan::Late::proceed, "nobody", StepIs::passed, ""},
                           Row{plan::Late::escalate, "dee", StepIs::passed, "unix:dee"},
                           Row{plan::Late::escalate, "nobody", StepIs::failed, ""});
  people_answer(w, 30s, row.answers);
  w.drill(with_steps(bare_plan(), {named(ask(row.late, "latest"), "choice")}));
  CHECK(w.step("choice") == row.step);
  CHECK(w.state().steps.at("choice").answered_by == row.by);
  // A drill of people alone was conducted: their silence is its result.
  CHECK(w.result() == (row.step == StepIs::failed ? "FAIL" : "INCONCLUSIVE"));
  const std::size_t asked = row.late == plan::Late::escalate ? 2 : 1;
  CHECK(told(w, "step.asked").size() == asked);
}

TEST_CASE_METHOD(Fine, "ask: nobody answers before anything was touched: the drill was not run") {
  w.drill(
      with_steps(bare_plan(), {named(ask(plan::Late::fail), "choice"), inject("process.pause")}));
  CHECK(w.result() == "NOT_RUN");
}

TEST_CASE_METHOD(Fine, "ask: one who cannot says why, and the drill stops") {
  w.on_entry = [](Process& p, const journal::Draft& draft) {
    if (draft.action != "step.asked") return;
    engine::Request r;
    r.what = engine::Request::What::fail_step;
    r.step = draft.step;
    CHECK(p.request(r) == "a reason is needed");
    r.reason = "the backups are encrypted and nobody has the key";
    CHECK(p.request(r).empty());
  };
  w.drill(
      with_steps(bare_plan(), {inject("process.pause"), named(ask(plan::Late::fail), "choice")}));
  CHECK(w.state().steps.at("choice").why == "the backups are encrypted and nobody has the key");
  CHECK(w.result() == "FAIL");
}

TEST_CASE_METHOD(Fine, "ask: answers that do not fit are refused, and the step goes on waiting") {
  w.begin(with_steps(bare_plan(), {named(ask(plan::Late::fail), "choice")}));
  w.pass(5s);
  engine::Request r;
  r.what = engine::Request::What::answer;
  r.step = "choice";
  Process& p = *w.processes().front();
  CHECK(p.request(r) == "'recover_to' must be answered");
  r.answers = {{"recover_to", "x"}, {"more", "y"}};
  CHECK(p.request(r) == "step 'choice' does not ask for 'more'");
  r.step = "other";
  CHECK(p.request(r) == "step 'other' is not waiting for anybody");
  CHECK(w.step("choice") == StepIs::asked);
  w.finish(p);
}

TEST_CASE_METHOD(Fine, "within: what takes too long is given up") {
  w.fleet.commands["slow"] = [](Host&, const Strings&) { return CommandResult{0, {}, 10min}; };
  SECTION("an injection") {
    w.fleet.nature("disk.fill").takes = 15s;
    w.drill(with_steps(bare_plan(), {within(inject("disk.fill"), 10s)}));
    CHECK(w.step("s1") == StepIs::failed);
    CHECK(w.state().steps.at("s1").why == "it was not over within 10s");
  }
  SECTION("what cannot be taken back may have happened") {
    w.drill(with_steps(bare_plan(), {within(no_return("front", {"slow"}), 30s)}));
    CHECK(w.step("s1") == StepIs::unknown);
    CHECK(w.state().steps.at("s1").why ==
          "it was not over within 30s; it may have happened, or may yet");
  }
}

TEST_CASE_METHOD(Fine, "parallel: branches run side by side and are waited for") {
  const Instant began = w.time.now();
  w.drill(with_steps(bare_plan(), {pause(40s), beside(pause(30s)), beside(inject("process.pause")),
                                   mark("joined")}));
  CHECK(w.state().moments.at(0).at - began < 45s);
  CHECK(w.state().moments.at(0).at - began > 40s);
}

TEST_CASE_METHOD(Fine, "a role that moved since preflight stops the drill before its effect") {
  w.time.after(20s, [this] { w.cluster.writable = {"db2"}; });
  w.drill(with_steps(bare_plan(), {pause(30s), inject("process.pause")}));
  CHECK(w.result() == "NOT_RUN");
  CHECK(w.state().effects.empty());
}

TEST_CASE_METHOD(Fine, "the guardrail max_duration stops a drill") {
  auto plan = with_steps(bare_plan(), {inject("process.pause"), pause(20min)});
  plan.max_duration = 2min;
  w.drill(plan);
  CHECK(w.result() == "ABORTED");
  CHECK(w.verdict_state() == "clean");
}

TEST_CASE_METHOD(Fine, "abort: stops and reverts; a second one is told so") {
  Process& p = w.begin(with_steps(bare_plan(), {inject("process.pause"), pause(5min)}));
  w.pass(30s);
  CHECK(w.fleet.hit("db1"));
  CHECK(p.abort("enough").empty());
  CHECK(p.abort("enough!") == "it is being stopped already");
  w.finish(p);
  w.judge_end(p);
  CHECK(w.result() == "ABORTED");
  CHECK(w.state().abort_why == "enough");
}

}  // namespace
}  // namespace muster::sim
