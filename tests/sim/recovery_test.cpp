// Who undoes what when controllers die, come back as an old copy, or are two.
#include <algorithm>

#include "engine/sweep.hpp"
#include "tests/catch.hpp"
#include "tests/sim/people.hpp"
#include "tests/sim/story.hpp"

namespace muster::sim {
namespace {

using namespace std::chrono_literals;
using engine::Swept;
using ports::Call;
using ports::Verb;
using Strings = std::vector<std::string>;

struct Recovering {
  World w{11};
  ~Recovering() { CHECK(w.breaches == Strings{}); }

  static plan::Plan stop_and_rest(Duration rest = 60s, const std::string& slot = "primary") {
    return with_steps(bare_plan(), {named(inject("process.pause", slot), "stop"), pause(rest),
                                    check(command_holds("front", {"true"}))});
  }
  std::string verdict(const std::string& run = "run-1") { return w.state(run).verdict.dump(); }
  bool says(const std::string& part, const std::string& run = "run-1") {
    return verdict(run).find(part) != std::string::npos;
  }
  /// Somebody sweeps from another controller, without any record.
  engine::SweepSummary sweep(bool force = false) {
    std::vector<ports::HostAddress> hosts;
    for (const auto& [name, host] : w.fleet.hosts()) {
      hosts.emplace_back();
      hosts.back().name = name;
    }
    Shell shell{w.fleet, std::make_shared<Life>(w.time)};
    engine::Sweep sweep{shell, hosts};
    bool over = false;
    sweep.look([&] { sweep.heal(force, [&] { over = true; }); });
    while (!over) w.pass(1s);
    return sweep.summary();
  }
};

// Who proved what
// ------------------------------------------------------------------------------------------------

TEST_CASE_METHOD(Recovering, "a healer that is faster than the run's own undo spoils nothing") {
  w.on_entry = [this](Process&, const journal::Draft& d) {
    if (d.action == "effect.reverting") w.fleet.cut("db1", 45s);
  };
  w.drill(stop_and_rest(5s));
  CHECK(w.effect().status == EffectIs::reverted);
  CHECK(w.effect().healed_by == "lease");
  CHECK(w.result() == "PASS");
  CHECK(w.verdict_state() == "clean");
}

TEST_CASE_METHOD(Recovering,
                 "a healer that acts while the drill counts on the fault makes it INVALID") {
  w.time.after(10s, [this] { w.fleet.cut("db1", 45s); });
  w.drill(stop_and_rest(3min));
  CHECK(w.effect().status == EffectIs::self_reverted);
  CHECK(w.result() == "INVALID");
}

TEST_CASE_METHOD(Recovering, "a forced sweep tells the run that it spoilt it") {
  Process& p = w.begin(stop_and_rest(3min));
  while (w.fleet.live().empty()) w.pass(1s);
  w.pass(2s);
  const auto swept = w.time.now();
  CHECK(sweep(true).healed > 0);
  CHECK(w.fleet.live().empty());
  w.finish(p);
  w.judge_end(p);
  CHECK(w.result() == "INVALID");
  CHECK(w.verdict_state() == "clean");
  CHECK(says("process.pause on db1 was not seen to its end: db1 has forgotten it"));
  // At the next renewal, not when the rest is over.
  CHECK(*w.effect().reverted_at - swept < 10s);
}

TEST_CASE_METHOD(Recovering, "a disarm that was lost does not stand in the next run's way") {
  w.fleet.loses = [this](const Call& call) {
    if (call.verb != Verb::disarm || call.run != "run-1") return Fleet::Fate::arrives;
    w.fleet.stormy = w.time.now();  // the mark that stays is no breach: the next preflight's work
    return Fleet::Fate::lost;
  };
  w.drill(stop_and_rest(5s));
  CHECK(w.fleet.host("db1").effects.size() == 1);
  const bool ours = GENERATE(true, false);
  if (!ours) w.disk->id = "store-2";  // another controller's next run
  Process& second = w.begin(stop_and_rest(5s), "run-2");
  w.finish(second);
  w.judge_end(second);
  CHECK(w.state("run-2").result == (ours ? "PASS" : "NOT_RUN"));
  CHECK(w.fleet.host("db1").effects.empty() == ours);
  if (!ours) CHECK(says("`muster sweep db1`", "run-2"));
}

TEST_CASE_METHOD(Recovering, "only what a step touches is locked") {
  Strings locked;
  w.fleet.on_carried_out = [&, judge = w.fleet.on_carried_out](const Host& host, const Call& call) {
    if (call.verb == Verb::lock) locked.push_back(host.name);
    judge(host, call);
  };
  // The slots primary and standby are not used: db1 is found to be the primary, and left alone.
  w.drill(with_steps(bare_plan(), {run_undo("front", {"drain"}, {"undrain"}),
                                   check(command_holds("front", {"true"}))}));
  CHECK(w.result() == "PASS");
  CHECK(locked == Strings{"lb1"});
}

// A hold that is cut short
// ------------------------------------------------------------------------------------------------

TEST_CASE_METHOD(Recovering,
                 "one host of two does not answer: nothing is held, and all heals alone") {
  auto plan = with_steps(bare_plan(), {named(inject("process.pause", "both"), "stop"), pause(5s),
                                       no_return("front", {"switch", "db2"})});
  w.on_entry = [this](Process&, const journal::Draft& d) {
    if (d.action == "step.started" && d.step == "s3") w.fleet.cut("db2", 10min);
  };
  Process& p = w.begin(plan);
  while (!w.state().steps.contains("s3")) w.pass(1s);
  w.pass(2s);
  p.kill();
  w.pass(1min);
  CHECK(w.fleet.live().empty());
  CHECK(w.cluster.front == "db1");
  w.pass(10min);
  after_death(w);
  CHECK(w.verdict_state() == "clean");
}

TEST_CASE_METHOD(Recovering, "the runner dies between two holds: both are undone by the recovery") {
  w.fleet.loses = [](const Call& call) {
    return call.verb == Verb::hold && call.host.name == "db2" ? Fleet::Fate::lost
                                                              : Fleet::Fate::arrives;
  };
  Process& p = w.begin(with_steps(bare_plan(), {named(inject("process.pause", "both"), "stop"),
                                                no_return("front", {"switch", "db2"})}));
  const auto& effects = w.fleet.host("db1").effects;
  while (effects.empty() || !effects.begin()->second.held) w.pass(10ms);
  p.kill();
  w.pass(1min);
  CHECK(w.fleet.live().size() == 1);  // db1's: its dead-man is off, and the record says so
  w.fleet.loses = [](const Call&) { return Fleet::Fate::arrives; };
  after_death(w);
  CHECK(w.fleet.live().empty());
  CHECK(w.verdict_state() == "clean");
}

// Old copies
// ------------------------------------------------------------------------------------------------

TEST_CASE_METHOD(Recovering, "a rolled-back copy of the store undoes nothing that was built upon") {
  people_answer(w, 1s);
  std::shared_ptr<Disk> old;
  w.on_entry = [&, before = w.on_entry](Process& p, const journal::Draft& d) {
    before(p, d);
    if (d.action == "effect.active" && !old) old = std::make_shared<Disk>(*w.disk);
  };
  const bool dies = GENERATE(true, false);
  Process& p = w.begin(primary_loss());
  if (dies) {
    while (!w.state().past_no_return()) w.pass(100ms);
    w.pass(1s);
    p.kill();
  } else {
    w.finish(p);
  }
  REQUIRE(old);
  REQUIRE_FALSE(w.fleet.host("db1").up);
  w.pass(10min);
  w.disk = old;
  Process& copy = w.recover();
  w.finish(copy);
  w.pass(10min);
  CHECK(copy.over());
  CHECK_FALSE(w.fleet.host("db1").up);
  CHECK_FALSE(w.cluster.split());
  Record record{old, "run-1"};
  CHECK(record.state().effects.at(0).status == EffectIs::revert_failed);
  CHECK(record.state().verdict.value("state", "") == "dirty");
}

TEST_CASE_METHOD(Recovering,
                 "a copy of the store beside the living one cannot undo what that one did") {
  std::shared_ptr<Disk> old;
  Process& p = w.begin(stop_and_rest(5min));
  w.pass(20s);
  old = std::make_shared<Disk>(*w.disk);
  p.kill();
  w.finish(w.recover());  // the second life
  w.disk->life = 3;       // and a third: another drill of the same store
  Process& third = w.begin(stop_and_rest(10min), "run-2");
  w.pass(20s);
  REQUIRE(w.fleet.live().size() == 1);
  const auto living = w.disk;
  w.disk = old;  // the copy: its recovery is its second life
  Process& copy = w.recover();
  w.finish(copy);
  CHECK(w.fleet.live().size() == 1);  // run-2's
  CHECK(w.fleet.host("db1").lock);
  Record record{old, "run-1"};
  CHECK(record.state().effects.at(0).status == EffectIs::revert_failed);
  w.disk = living;
  w.finish(third);
  CHECK(w.state("run-2").result == "PASS");
}

// Hosts that never come back
// ------------------------------------------------------------------------------------------------

// Two controllers
// ------------------------------------------------------------------------------------------------

TEST_CASE_METHOD(Recovering,
                 "a sweep from elsewhere leaves a live run alone, and heals after a dead one") {
  Process& p = w.begin(stop_and_rest(8min, "both"));
  w.pass(20s);
  auto s = sweep();
  CHECK(s.found == 5);  // two effects, three locks
  CHECK(s.kept == 5);
  CHECK(s.healed + s.failed + s.unreachable == 0);
  CHECK(w.fleet.live().size() == 2);
  const bool dies = GENERATE(true, false);
  if (!dies) {
    w.finish(p);
    w.judge_end(p);
    CHECK(w.result() == "PASS");
    return;
  }
  w.fleet.nature("process.pause").reverts_failing = 2;  // the dead-men are kept busy
  p.kill();
  w.pass(10min);
  s = sweep();
  CHECK(s.found == 5);
  CHECK(s.healed == 5);
  CHECK(w.fleet.live().empty());
  for (const auto& [name, host] : w.fleet.hosts()) {
    CHECK(host.effects.empty());
    CHECK_FALSE(host.lock);
  }
  CHECK(sweep().found == 0);
}

TEST_CASE_METHOD(Recovering, "what is held is not swept") {
  people_answer(w, 1s);
  Process& p = w.begin(primary_loss());
  while (!w.state().past_no_return()) w.pass(100ms);
  w.pass(1s);
  p.kill();
  w.pass(20min);
  CHECK(sweep().kept >= 1);
  CHECK_FALSE(w.fleet.host("db1").up);
}

TEST_CASE_METHOD(Recovering, "a sweep says which hosts it did not reach") {
  w.fleet.power("db2", false);
  CHECK(sweep().unreachable == 1);
}

TEST_CASE_METHOD(Recovering, "a dead controller's hosts are free for another one after a while") {
  Process& p =
      w.begin(with_steps(bare_plan(), {check(command_holds("primary", {"true"})), pause(20min)}));
  w.pass(20s);
  p.kill();
  w.disk = std::make_shared<Disk>();
  w.disk->id = "store-2";
  w.finish(w.begin(stop_and_rest(5s), "run-2"));
  CHECK(w.state("run-2").result == "NOT_RUN");
  CHECK(says("by another controller, its store is store-1", "run-2"));
  w.pass(6min);
  w.finish(w.begin(stop_and_rest(5s), "run-3"));
  CHECK(w.state("run-3").result == "PASS");
}

TEST_CASE_METHOD(Recovering, "who slept while it was taken over keeps nothing alive any more") {
  // Two faults on one host: when the sleeper wakes, one is undone, and the other still there.
  w.fleet.nature("disk.fill").takes = 5s;
  Process& p = w.begin(with_steps(bare_plan(), {named(inject("process.pause"), "stop"),
                                                named(inject("disk.fill"), "fill"), pause(10min)}));
  while (!w.state().steps.contains("s3")) w.pass(1s);
  int asked = 0;  // World judges whether the host obeyed
  w.fleet.on_carried_out = [&, judge = w.fleet.on_carried_out](const Host& host, const Call& call) {
    judge(host, call);
    if (call.verb == Verb::renew && value_of(call, "epoch") == "1" && w.fleet.live().size() == 1)
      ++asked;
  };
  p.stop_for(3s);
  w.pass(1s);
  Process& q = w.recover();
  w.finish(q);
  w.judge_end(q);
  CHECK(asked > 0);
  CHECK(w.verdict_state() == "clean");
  w.finish(p);
}

TEST_CASE_METHOD(Recovering, "a run whose host another controller has taken is stopped") {
  Process& p =
      w.begin(with_steps(bare_plan(), {check(command_holds("primary", {"true"})), pause(20min)}));
  w.pass(20s);
  w.fleet.reboot("db1");  // its lock is gone with it
  const auto first = w.disk;
  w.disk = std::make_shared<Disk>();
  w.disk->id = "store-2";
  Process& second = w.begin(stop_and_rest(10min), "run-2");
  w.pass(3min);
  CHECK(p.over());
  CHECK(second.machine()->state().effects.at(0).status == EffectIs::active);
  Record record{first, "run-1"};
  CHECK(record.state().verdict.dump().find("the lock was lost: db1 is locked by run run-2") !=
        std::string::npos);
  w.finish(second);
  w.breaches.clear();  // the test took the host away under a run that lived
}

}  // namespace
}  // namespace muster::sim
