// Hosts that never come back: what is declared of them, and what it makes of the verdict.
#include "tests/catch.hpp"
#include "tests/sim/people.hpp"
#include "tests/sim/world.hpp"

namespace muster::sim {
namespace {

using namespace std::chrono_literals;
using Strings = std::vector<std::string>;

struct Lost {
  World w{11};
  ~Lost() { CHECK(w.breaches == Strings{}); }

  static plan::Plan stop_and_rest(Duration rest = 60s, const std::string& slot = "primary") {
    return with_steps(bare_plan(), {named(inject("process.pause", slot), "stop"), pause(rest),
                                    check(command_holds("front", {"true"}))});
  }
  bool says(const std::string& part) {
    return w.state().verdict.dump().find(part) != std::string::npos;
  }
  engine::Request gone(const std::string& host, bool wiped = false) {
    engine::Request r;
    r.what = engine::Request::What::gone;
    r.actor = kernel_says("ana");
    r.host = host;
    r.reason = "the disk is shredded";
    r.wiped = wiped;
    return r;
  }
  engine::Request mended(const std::string& host) {
    auto r = gone(host);
    r.what = engine::Request::What::mended;
    r.reason = "its paused process was killed";
    return r;
  }
};

TEST_CASE_METHOD(Lost,
                 "a host that never comes back is unreachable, until somebody declares it gone") {
  Process& p = w.begin(stop_and_rest(5min));
  w.pass(20s);
  p.kill();
  w.fleet.power("db1", false);
  w.finish(w.recover());
  CHECK(w.verdict_state() == "dirty");
  CHECK(w.effect().unreachable);
  Process& again = w.recover("run-1", {gone("db1")});
  w.finish(again);
  w.judge_end(again);
  CHECK(w.effect().status == EffectIs::moot);
  CHECK(w.verdict_state() == "changed");
  CHECK(says("db1 is gone for good (the disk is shredded)"));
  const auto& request = w.state().requests.back();
  CHECK(request.actor.principal == "unix:ana");
  CHECK(request.target.host == "db1");
}

TEST_CASE_METHOD(Lost, "data restored to a host that is gone is dirty until it is declared wiped") {
  Process& p = w.begin(restore_test());
  w.pass(10s);
  REQUIRE(w.effect().proven);
  p.kill();
  w.fleet.power("db2", false);
  w.finish(w.recover("run-1", {gone("db2")}));
  CHECK(w.effect().status == EffectIs::moot);
  CHECK(w.verdict_state() == "dirty");
  CHECK(says("not proven wiped"));
  w.finish(w.recover("run-1", {gone("db2", true)}));
  CHECK(w.verdict_state() == "changed");
  CHECK(says("its disk is declared wiped"));
}

TEST_CASE_METHOD(Lost, "a host is declared gone while the run waits for it") {
  Process& p = w.begin(stop_and_rest(5min));
  w.pass(20s);
  w.fleet.power("db1", false);
  CHECK(p.abort("it burns").empty());
  w.pass(5s);
  auto r = gone("db9");
  CHECK(p.request(r) == "'db9' is no host of this drill");
  r = gone("db1");
  r.reason = " ";
  CHECK(p.request(r) == "who declares a host gone for good owes a reason");
  CHECK(p.request(gone("db1")).empty());
  w.pass(1s);
  CHECK(p.over());  // nothing is waited for any more
  CHECK(w.effect().status == EffectIs::moot);
  CHECK(w.verdict_state() == "changed");
}

TEST_CASE_METHOD(Lost, "a host is declared gone when the verdict has told what is there") {
  w.fleet.nature("process.pause").reverts_failing = 1000;
  w.fleet.loses = [this](const ports::Call& call) {
    const bool ends = call.verb == ports::Verb::unlock && w.state().result;
    return ends ? Fleet::Fate::answer_lost : Fleet::Fate::arrives;
  };
  Process& p = w.begin(stop_and_rest(5s));
  while (!w.state().result) w.pass(1s);
  REQUIRE_FALSE(p.over());
  CHECK(p.request(gone("db1")).find("the verdict stands already") == 0);
  w.finish(p);
  CHECK(w.verdict_state() == "dirty");
  CHECK(w.effect().status == EffectIs::revert_failed);
  w.finish(w.recover("run-1", {gone("db1")}));
  CHECK(w.effect().status == EffectIs::moot);
  CHECK(w.verdict_state() == "changed");
}

TEST_CASE_METHOD(Lost, "what can never be proven undone ends by the word of who has seen to it") {
  const bool restarted = GENERATE(true, false);
  CAPTURE(restarted);
  Process& p = w.begin(stop_and_rest(5min));
  w.pass(20s);
  p.kill();
  if (restarted) {
    w.fleet.power("db1", false);
    w.fleet.power("db1", true);
  } else {
    w.fleet.nature("process.pause").reverts_failing = 100'000;
  }
  for (int i = 0; i < 2; ++i) {
    w.finish(w.recover());
    CHECK(w.verdict_state() == "dirty");
    CHECK(says("`muster recover --mended db1 --reason WHY`"));
  }
  if (!restarted) {
    w.mend(w.fleet.live().begin()->first);
    w.fleet.loses = [](const ports::Call& call) {  // and yet nothing is heard of its undo
      return call.verb == ports::Verb::revert ? Fleet::Fate::lost : Fleet::Fate::arrives;
    };
  }
  // Of another host nothing is said.
  w.finish(w.recover("run-1", {mended("db2")}));
  CHECK(w.verdict_state() == "dirty");
  Process& last = w.recover("run-1", {mended("db1")});
  w.finish(last);
  w.judge_end(last);
  CHECK(w.effect().status == EffectIs::moot);
  CHECK(w.effect().mended);
  CHECK(w.verdict_state() == "changed");
  CHECK(says("process.pause on db1 was mended by hand (its paused process was killed)"));
  CHECK(w.state().requests.back().actor.principal == "unix:ana");
  CHECK(w.fleet.host("db1").effects.empty());
  CHECK_FALSE(w.fleet.host("db1").lock);
}

TEST_CASE_METHOD(Lost, "who answers for a host is on record before its marks are taken off") {
  Process& p = w.begin(stop_and_rest(5min));
  w.pass(20s);
  p.kill();
  w.fleet.nature("process.pause").reverts_failing = 100'000;
  w.pass(5min);
  w.mend(w.fleet.live().begin()->first);
  w.fleet.loses = [](const ports::Call& call) {
    return call.verb == ports::Verb::revert ? Fleet::Fate::lost : Fleet::Fate::arrives;
  };
  // The disk is full from one of its writes on.
  const auto from = GENERATE(range<std::uint64_t>(1, 8));
  CAPTURE(from);
  for (std::uint64_t n = from; n < 200; ++n) w.store.faults[w.disk->writes + n] = Fault::full;
  w.finish(w.recover("run-1", {mended("db1")}));
  CHECK((w.effect().mended || w.fleet.host("db1").effects.size() == 1));
  w.store.faults.clear();
  w.finish(w.recover("run-1", {mended("db1")}));
  CHECK(w.effect().mended);
  CHECK(w.fleet.host("db1").effects.empty());
}

TEST_CASE_METHOD(Lost, "who answers for a host does so for nothing that can be proven") {
  Process& p = w.begin(stop_and_rest(5min));
  w.pass(20s);
  CHECK(p.request(mended("db1")).find("is undone first") != std::string::npos);
  p.kill();
  Process& again = w.recover("run-1", {mended("db1")});
  w.finish(again);
  w.judge_end(again);
  CHECK(w.effect().status == EffectIs::reverted);
  CHECK(w.verdict_state() == "clean");
}

TEST_CASE_METHOD(Lost, "a node that was switched off and is gone: its guardian waits no longer") {
  Process& p = w.begin(with_steps(bare_plan(), {named(inject("node.kill"), "off"), pause(5min)}));
  w.pass(20s);
  REQUIRE(w.fleet.host("controller").effects.size() == 1);
  CHECK(p.request(gone("db1")).empty());
  w.pass(1s);
  CHECK(w.fleet.host("controller").effects.empty());
  CHECK(w.effect().status == EffectIs::moot);
  w.finish(p);
}

TEST_CASE_METHOD(Lost, "a guardian that did not hear that a node is gone hears it at the end") {
  int disarms = 0;
  w.fleet.loses = [&](const ports::Call& call) {
    return call.verb == ports::Verb::disarm && ++disarms == 1 ? Fleet::Fate::lost
                                                              : Fleet::Fate::arrives;
  };
  Process& p = w.begin(with_steps(bare_plan(), {named(inject("node.kill"), "off"), pause(1min)}));
  w.pass(20s);
  CHECK(p.request(gone("db1")).empty());
  w.finish(p);
  CHECK(disarms == 2);
  CHECK(w.fleet.host("controller").effects.empty());
}

TEST_CASE_METHOD(Lost, "a guardian forgets a node that is gone only once that is on record") {
  Process& p = w.begin(with_steps(bare_plan(), {named(inject("node.kill"), "off"), pause(5min)}));
  w.pass(20s);
  p.kill();
  // The guardian does not hear of an undo, and the disk is full from one of the writes on.
  w.fleet.loses = [](const ports::Call& call) {
    return call.verb == ports::Verb::revert ? Fleet::Fate::lost : Fleet::Fate::arrives;
  };
  const auto from = GENERATE(range<std::uint64_t>(1, 8));
  CAPTURE(from);
  for (std::uint64_t n = from; n < 200; ++n) w.store.faults[w.disk->writes + n] = Fault::full;
  w.finish(w.recover("run-1", {gone("db1")}));
  const bool is_known = w.effect().status == EffectIs::moot;
  CHECK(w.fleet.host("controller").effects.size() == (is_known ? 0 : 1));
  w.store.faults.clear();
  w.finish(w.recover("run-1", {gone("db1")}));
  CHECK(w.effect().status == EffectIs::moot);
}

}  // namespace
}  // namespace muster::sim
