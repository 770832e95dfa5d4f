// A target that is started anew in mid-drill: what was live there is missed, and what comes after
// can be armed and dies with its lease as anywhere.
#include "tests/catch.hpp"
#include "tests/sim/story.hpp"
#include "tests/sim/world.hpp"

namespace muster::sim {
namespace {

using namespace std::chrono_literals;
using Strings = std::vector<std::string>;

struct Rebooted {
  World w{3};
  ~Rebooted() {
    CHECK(w.breaches == Strings{});
    CHECK(w.fleet.live().empty());
  }
};

TEST_CASE_METHOD(Rebooted, "an effect whose host has forgotten it stops the drill") {
  struct Row {
    const char* fault;
    bool reboots;
  };
  const Row row =
      GENERATE(Row{"process.pause", true}, Row{"disk.fill", true}, Row{"process.pause", false});
  Process& p = w.begin(with_steps(bare_plan(), {inject(row.fault), named(pause(10min), "rest")}));
  w.pass(20s);
  REQUIRE(w.fleet.hit("db1"));
  if (row.reboots)
    w.fleet.reboot("db1");
  else
    w.fleet.host("db1").effects.clear();  // somebody took the state folder away, dead-man and all
  w.pass(15s);
  CHECK_FALSE(w.fleet.hit("db1"));
  w.finish(p);
  w.judge_end(p);
  CHECK(w.effect().status == EffectIs::reverted);
  CHECK(w.step("rest") == StepIs::unknown);
  CHECK(w.state().steps.at("rest").why.find("db1 has forgotten") != std::string::npos);
  CHECK(w.result() == "INVALID");  // nobody saw the fault to its end
  CHECK(w.verdict_state() == "clean");
  CHECK_FALSE(w.state().hosts.at("db1").lease_lost);
}

TEST_CASE_METHOD(Rebooted, "a host that was started anew is locked again before it is armed") {
  const bool dies = GENERATE(true, false);
  Process& p = w.begin(with_steps(
      bare_plan(), {pause(10s), named(inject("process.pause", "standby"), "stop"), pause(2min)}));
  w.pass(5s);
  w.fleet.reboot("db2");
  w.pass(20s);
  CHECK(w.step("stop") == StepIs::passed);
  REQUIRE(w.fleet.host("db2").lock);
  CHECK(w.fleet.host("db2").lock->run == "run-1");
  CHECK(w.state().hosts.at("db2").facts.at("boot_id") == "db2-2");
  if (dies) {
    // The lease is counted in the new uptime: in the old one it would hardly ever end.
    p.kill();
    w.pass(25s);
    CHECK(w.fleet.live().empty());
    after_death(w);
  } else {
    w.finish(p);
    w.judge_end(p);
    CHECK_FALSE(w.fleet.host("db2").lock);
  }
  CHECK(w.verdict_state() == "clean");
}

TEST_CASE_METHOD(Rebooted, "a host that another run took after its restart is not armed") {
  Process& p = w.begin(with_steps(
      bare_plan(), {pause(30s), named(inject("process.pause", "standby"), "stop"), pause(1min)}));
  w.pass(5s);
  w.fleet.reboot("db2");
  w.fleet.host("db2").lock = Host::Lock{"run-9", "store-9", "unix:bo", "other", 2, 1'000'000};
  w.finish(p);
  w.judge_end(p);
  CHECK(w.step("stop") == StepIs::unknown);
  CHECK(w.state().steps.at("stop").why.find("could not be locked again; exists: lock.run=run-9") !=
        std::string::npos);
  CHECK(w.fleet.host("db2").lock->run == "run-9");
}

}  // namespace
}  // namespace muster::sim
