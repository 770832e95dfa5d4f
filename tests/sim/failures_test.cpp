// One thing goes wrong at a time: what the runner does then, and what it says about it.
#include <algorithm>

#include "tests/catch.hpp"
#include "tests/sim/people.hpp"
#include "tests/sim/story.hpp"

namespace muster::sim {
namespace {

using namespace std::chrono_literals;
using ports::Call;
using ports::Verb;
using Strings = std::vector<std::string>;

struct Watched {
  World w{7};
  std::vector<Verb> sent;
  Watched() {
    const auto judge = w.fleet.on_sent;
    w.fleet.on_sent = [this, judge](const Call& call) {
      sent.push_back(call.verb);
      judge(call);
    };
  }
  ~Watched() { CHECK(w.breaches == Strings{}); }

  std::size_t count(Verb verb) const {
    return static_cast<std::size_t>(std::count(sent.begin(), sent.end(), verb));
  }
  /// Keeps frames of this verb from arriving, once or from now on.
  void lose(Verb verb, bool answer_only = false) {
    w.fleet.loses = [verb, answer_only](const Call& call) {
      if (call.verb != verb) return Fleet::Fate::arrives;
      return answer_only ? Fleet::Fate::answer_lost : Fleet::Fate::lost;
    };
  }
  static plan::Plan stop_and_rest(Duration rest = 60s) {
    return with_steps(bare_plan(), {named(inject("process.pause"), "stop"), pause(rest)});
  }
};

TEST_CASE_METHOD(Watched, "arm is refused: nothing is injected, and the drill was not run") {
  w.fleet.nature("process.pause").precheck = ports::Said::no;
  w.drill(stop_and_rest());
  CHECK(count(Verb::inject) == 0);
  CHECK(w.result() == "NOT_RUN");
  CHECK(w.effect().why.starts_with("its undo could not be armed"));
}

TEST_CASE_METHOD(Watched,
                 "arm is not answered: nothing is injected, and the undo is sent all the same") {
  lose(Verb::arm, GENERATE(true, false));
  w.drill(stop_and_rest());
  CHECK(count(Verb::inject) == 0);
  CHECK(count(Verb::revert) == 1);
  CHECK(w.result() == "NOT_RUN");
  CHECK(w.verdict_state() == "clean");
}

TEST_CASE_METHOD(Watched,
                 "a fault that is not proven makes the drill INVALID, and is undone at once") {
  SECTION("it did nothing") {
    w.fleet.nature("process.pause").takes_effect = false;
  }
  SECTION("nobody heard whether it did") {
    lose(Verb::inject, true);
  }
  SECTION("its frame was lost") {
    lose(Verb::inject);
  }
  w.drill(stop_and_rest());
  CHECK(w.result() == "INVALID");
  CHECK(w.verdict_state() == "clean");
  CHECK(w.fleet.live().empty());
}

TEST_CASE_METHOD(Watched, "a lost lease: the host reverts by itself, and the drill is INVALID") {
  w.time.after(10s, [this] { w.fleet.cut("db1", 60s); });
  w.begin(stop_and_rest(3min));
  w.pass(45s);
  CHECK(w.fleet.live().empty());  // before the runner can know
  w.finish(*w.processes()[0]);
  CHECK(w.result() == "INVALID");
  CHECK(w.effect().status == EffectIs::self_reverted);
  CHECK(w.record().has("lease.lost", ""));
}

TEST_CASE_METHOD(Watched, "what somebody repaired meanwhile is told as such") {
  w.time.after(20s, [this] { w.mend(w.fleet.live().begin()->first); });
  w.drill(stop_and_rest());
  CHECK(w.effect().healed_by == "responder");
  CHECK(w.verdict_state() == "clean");
}

TEST_CASE_METHOD(Watched, "a revert that does not help is tried again, then called out as dirty") {
  struct Row {
    int failing;
    EffectIs effect;
    const char* state;
  };
  const Row row =
      GENERATE(Row{3, EffectIs::reverted, "clean"}, Row{1000, EffectIs::revert_failed, "dirty"});
  w.fleet.nature("process.pause").reverts_failing = row.failing;
  w.drill(stop_and_rest(5s));
  CHECK(w.effect().status == row.effect);
  CHECK(w.verdict_state() == row.state);
  CHECK(count(Verb::disarm) == (row.failing > 3 ? 0 : 1));
}

TEST_CASE_METHOD(Watched, "one lost answer to an undo is not the end of it") {
  int lost = 0;
  w.fleet.loses = [&lost](const Call& call) {
    return call.verb == Verb::revert && lost++ == 0 ? Fleet::Fate::answer_lost
                                                    : Fleet::Fate::arrives;
  };
  w.drill(stop_and_rest(5s));
  CHECK(w.effect().status == EffectIs::reverted);
  CHECK(w.verdict_state() == "clean");
}

TEST_CASE_METHOD(
    Watched, "a second Ctrl-C: what does not answer is no longer waited for, and is called out") {
  Process& p = w.begin(stop_and_rest(10min));
  w.pass(10s);
  lose(Verb::revert);
  w.fleet.nature("process.pause").reverts_failing = 1000;
  CHECK(p.abort("enough").empty());
  engine::Request r;
  r.what = engine::Request::What::stop_waiting;
  CHECK(p.request(r).empty());
  CHECK_FALSE(p.request(r).empty());  // nothing is waited for any longer
  w.pass(20s);
  CHECK(p.over());
  CHECK(w.result() == "ABORTED");
  CHECK(w.verdict_state() == "dirty");
  // Who gave up stands in the record.
  REQUIRE(w.state().requests.size() == 2);
  CHECK(w.state().requests[1].data.at("what") == "stop_waiting");
  CHECK(w.state().requests[1].actor.principal == "unix:chen");
}

TEST_CASE_METHOD(Watched, "a second Ctrl-C while a closed run is recovered: given up as well") {
  w.fleet.nature("process.pause").reverts_failing = 1000;
  w.drill(stop_and_rest(5s));
  REQUIRE(w.verdict_state() == "dirty");
  Process& p = w.recover();
  w.pass(3s);
  CHECK_FALSE(p.over());
  engine::Request r;
  r.what = engine::Request::What::stop_waiting;
  CHECK(p.request(r).empty());
  w.pass(5s);
  CHECK(p.over());
  CHECK(w.verdict_state() == "dirty");
}

TEST_CASE_METHOD(Watched, "stopped when only the end is waited for: it is over at once") {
  const bool in_ends = GENERATE(true, false);
  auto plan = with_steps(orders_plan(), {inject("process.pause"), pause(5s)});
  if (in_ends)
    plan.ends =
        with_steps({}, {named(wait_for(command_holds("front", {"false"}), 9min), "end")}).steps;
  w.time.after(10s, [this, in_ends] {
    if (!in_ends) w.cluster.writable.clear();
  });
  Process& p = w.begin(plan);
  w.pass(1min);
  CHECK_FALSE(p.over());
  CHECK(p.abort("enough").empty());
  w.pass(10s);
  CHECK(p.over());
  CHECK(w.result() == "ABORTED");
  CHECK(w.fleet.live().empty());
}

TEST_CASE_METHOD(Watched, "stopped during preflight: no lock stays behind") {
  Process& p = w.begin(stop_and_rest());
  const int turn = GENERATE(range(1, 12));
  w.pass(turn * 12ms);
  p.abort("not today");
  w.finish(p);
  w.pass(30s);
  for (const auto& [name, host] : w.fleet.hosts()) CHECK_FALSE(host.lock);
  CHECK(w.state().effects.empty());
}

TEST_CASE_METHOD(Watched, "a host that another run holds: not run, and the other is named") {
  Process& first = w.begin(stop_and_rest(5min), "run-1");
  w.pass(5s);
  Process& second = w.begin(stop_and_rest(), "run-2");
  w.finish(second);
  CHECK(w.state("run-2").result == "NOT_RUN");
  CHECK(w.state("run-2").verdict.dump().find("db1 is locked by run run-1") != std::string::npos);
  CHECK(w.state("run-2").effects.empty());
  w.finish(first);
  w.judge_end(first);
  CHECK(w.effect().status == EffectIs::reverted);
}

TEST_CASE_METHOD(Watched, "two runs that begin at once: at most one gets the hosts") {
  Process& a = w.begin(stop_and_rest(), "run-1");
  w.pass(GENERATE(0ms, 20ms, 50ms, 80ms, 100ms));
  Process& b = w.begin(stop_and_rest(), "run-2");
  w.finish(a);
  w.finish(b);
  const bool first = !w.state("run-1").effects.empty(), second = !w.state("run-2").effects.empty();
  CHECK_FALSE((first && second));
  for (const auto& [name, host] : w.fleet.hosts()) CHECK_FALSE(host.lock);
}

TEST_CASE_METHOD(Watched, "a lock outlives all effects of its run, for as long as the run does") {
  auto plan = with_steps(bare_plan(),
                         {named(inject("process.pause"), "stop"), revert("stop"), pause(20min)});
  Process& first = w.begin(plan, "run-1");
  w.pass(10min);
  Process& second = w.begin(stop_and_rest(), "run-2");
  w.finish(second);
  CHECK(w.state("run-2").result == "NOT_RUN");
  w.finish(first);
}

// No return
// --------------------------------------------------------------------------------------------------

TEST_CASE_METHOD(Watched, "no return: what was live is held, and stays") {
  people_answer(w, 10s);
  w.drill(primary_loss());
  CHECK(w.result() == "PASS");
  CHECK(w.verdict_state() == "changed");
  CHECK(w.effect().status == EffectIs::held);
  CHECK_FALSE(w.fleet.host("db1").up);
  CHECK(w.fleet.host("controller").effects.empty());  // its marker is given back
  w.pass(1h);
  CHECK_FALSE(w.fleet.host("db1").up);
  CHECK_FALSE(w.cluster.split());
}

TEST_CASE_METHOD(Watched, "no return: the hold is not proven, so the command is never run") {
  lose(Verb::hold, GENERATE(true, false));
  people_answer(w, 10s);
  w.drill(primary_loss());
  CHECK_FALSE(w.state().past_no_return());
  CHECK_FALSE(w.cluster.writable.contains("db2"));
  CHECK(w.effect().status == EffectIs::reverted);
  CHECK(w.fleet.host("db1").up);
  CHECK(w.verdict_state() == "clean");
}

TEST_CASE_METHOD(Watched,
                 "no return: stopped while it holds, before the command: all is reverted") {
  lose(Verb::hold, true);
  people_answer(w, 1s);
  Process& p = w.begin(primary_loss());
  w.pass(12s);
  CHECK(w.effect().status == EffectIs::held);
  p.abort("wait");
  w.finish(p);
  w.judge_end(p);
  CHECK(w.effect().status == EffectIs::reverted);
  CHECK(w.fleet.host("db1").up);
  CHECK(w.result() == "ABORTED");
}

TEST_CASE_METHOD(Watched, "no return: stopped afterwards, nothing is undone by itself") {
  people_answer(w, 1s);
  Process& p = w.begin(primary_loss());
  w.on_entry = [this, &p, before = w.on_entry](Process& q, const journal::Draft& draft) {
    before(q, draft);
    if (draft.action == "step.finished" && draft.step == "promotion")
      w.time.after(1ms, [&p] { p.abort("enough"); });
  };
  w.finish(p);
  w.judge_end(p);
  CHECK(w.effect().status == EffectIs::held);
  CHECK_FALSE(w.fleet.host("db1").up);
  CHECK(w.verdict_state() == "changed");
}

// The record
// -------------------------------------------------------------------------------------------------

TEST_CASE_METHOD(Watched,
                 "the record is lost: what is live is reverted all the same, nothing new begins") {
  const Fault how = GENERATE(Fault::failed, Fault::full);
  Process& p = w.begin(with_steps(bare_plan(), {named(inject("process.pause"), "stop"), pause(30s),
                                                inject("disk.fill"), pause(9s)}));
  w.pass(10s);
  CHECK(w.fleet.hit("db1"));
  for (std::uint64_t n = 1; n < 50; ++n) p.store_plan().faults[w.disk->writes + n] = how;
  w.finish(p);
  CHECK(p.record_lost());
  CHECK(count(Verb::revert) == 1);  // not left to the dead-man
  CHECK(w.fleet.live().empty());
  CHECK(w.state().effects.size() == 1);
  CHECK(w.result() == "none");
  for (const auto& [name, host] : w.fleet.hosts()) CHECK_FALSE(host.lock);
  // The store is mended: recovery finds it undone, and says so.
  p.kill();
  after_death(w);
  CHECK(w.state().closed);
}

TEST_CASE_METHOD(Watched, "the record is lost before the intent: nothing is armed") {
  Process& p = w.begin(stop_and_rest());
  p.store_plan().faults[w.disk->writes + 8] = Fault::failed;
  w.finish(p);
  CHECK(p.record_lost());
  CHECK((count(Verb::arm) == 0 || !w.state().effects.empty()));
  CHECK(w.fleet.live().empty());
}

TEST_CASE_METHOD(Watched, "a commit whose answer was lost is looked up, and the drill goes on") {
  const Fault how = GENERATE(Fault::unknown_landed, Fault::unknown_lost);
  for (std::uint64_t n = 2; n < 60; n += 3) w.store.faults[n] = how;
  w.drill(stop_and_rest(5s));
  CHECK(w.state().closed);
  CHECK(w.verdict_state() == "clean");
}

// Death
// ------------------------------------------------------------------------------------------------------

TEST_CASE_METHOD(Watched,
                 "a dead runner's faults revert by themselves, on the host and at the guardian") {
  Process& p = w.begin(with_steps(
      bare_plan(), {inject("process.pause", "standby"), inject("node.kill"), pause(5min)}));
  w.pass(30s);
  CHECK(w.fleet.live().size() == 2);
  p.kill();
  w.pass(25s);
  CHECK(w.fleet.live().empty());
  CHECK(w.fleet.host("db1").up);
  after_death(w);
  CHECK(w.result() == "ABORTED");
  CHECK(w.verdict_state() == "clean");
  CHECK(w.effect().status == EffectIs::self_reverted);
}

TEST_CASE_METHOD(Watched, "a fault that outlives a reboot is not called undone unless it is") {
  Process& p = w.begin(with_steps(bare_plan(), {named(inject("disk.fill"), "fill"), pause(2min)}));
  w.pass(10s);
  w.fleet.reboot("db1");
  const bool dies = GENERATE(true, false);
  if (dies) p.kill();
  if (dies) after_death(w);
  if (!dies) w.finish(p);
  if (!dies) w.judge_end(p);
  const bool live = !w.fleet.live().empty();
  CHECK(w.verdict_state() == (live ? "dirty" : "clean"));
}

TEST_CASE_METHOD(Watched, "a runner that dies in the middle of a restore leaves no copy behind") {
  Process& p = w.begin(restore_test());
  w.pass(GENERATE(1s, 10s, 40s, 61s));
  p.kill();
  after_death(w);
  CHECK(w.fleet.live().empty());
  CHECK(w.verdict_state() == "clean");
}

TEST_CASE_METHOD(Watched,
                 "a runner that dies: what was begun is unknown, what was not is not done") {
  Process& p =
      w.begin(with_steps(bare_plan(), {pause(60s), run_undo("front", {"drain"}, {"undrain"})}));
  w.pass(10s);
  p.kill();
  after_death(w);
  const auto verdict = w.state().verdict.dump();
  INFO(verdict);
  CHECK(verdict.find("unknown: \\\"pause\\\": the process that ran it died") != std::string::npos);
  CHECK(verdict.find("not done: \\\"run\\\": the drill was stopped before it") !=
        std::string::npos);
}

TEST_CASE_METHOD(Watched, "recovery of a recovery: killed again at any of its writes") {
  const Fault how = GENERATE(Fault::killed_before, Fault::killed_after);
  for (std::uint64_t n = 1; n < 12; ++n) {
    World v{n};
    Process& p = v.begin(stop_and_rest(5min));
    v.pass(20s);
    p.kill();
    v.store.faults[v.disk->writes + n] = how;
    v.finish(v.recover());
    after_death(v);
    INFO(n);
    CHECK(v.breaches == Strings{});
    CHECK(v.state().closed);
    CHECK(v.fleet.live().empty());
  }
}

}  // namespace
}  // namespace muster::sim
