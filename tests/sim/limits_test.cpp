// `keep` and `at_most`: who counts as down, when an effect is refused, and what becomes of the run.
#include "tests/catch.hpp"
#include "tests/sim/world.hpp"

namespace muster::sim {
namespace {

using namespace std::chrono_literals;
using Strings = std::vector<std::string>;
using Kind = plan::Limit::Kind;

plan::Limit limit(Kind kind, std::size_t count, Strings hosts = {"db1", "db2"}) {
  plan::Limit l;
  l.kind = kind;
  l.of = "orders_db";
  l.wanted = kind == Kind::keep ? std::to_string(count) + " healthy" : std::to_string(count);
  l.count = count;
  l.hosts = std::move(hosts);
  l.by = "the drill";
  l.place = "drills/d.yaml:5:3";
  return l;
}

struct Limited {
  World w{7};
  ~Limited() { CHECK(w.breaches == Strings{}); }

  /// With a check at its end: without one nothing would be judged.
  static plan::Plan with_limits(std::vector<plan::Limit> limits, std::vector<plan::Step> steps) {
    steps.push_back(check(command_holds("front", {"true"})));
    auto plan = with_steps(bare_plan(), std::move(steps));
    plan.limits = std::move(limits);
    return plan;
  }
  std::size_t intents() { return w.state().effects.size(); }
  /// The reasons and all that was counted.
  std::string said(const std::string& run = "run-1") {
    std::string all = w.state(run).verdict.dump();
    for (const auto& entry : w.state(run).counted) all += entry.data.dump();
    return all;
  }
  bool says(const std::string& part, const std::string& run = "run-1") {
    return said(run).find(part) != std::string::npos;
  }
};

TEST_CASE_METHOD(Limited, "who is down counts, whatever it is that took it down", "[limits]") {
  struct Row {
    const char* what;
    const char* told;  // "" when nothing is amiss
  };
  const Row row = GENERATE(
      Row{"nothing", ""}, Row{"it is off", "cannot be asked"},
      Row{"it is cut off", "cannot be asked"},
      Row{"another run holds it", "db2 is locked by run run-2 of"},
      Row{"another run's fault is there", "carries an effect of run run-9 disk.fill active"},
      Row{"another run's fault was undone", ""},
      Row{"its own health says no", "is not known to be healthy; no"},
      Row{"its health cannot be told", "is not known to be healthy; unknown"},
      Row{"the store knows of something", "disk.fill of run run-5 is held"});
  const auto kind = GENERATE(Kind::keep, Kind::at_most);
  const std::string what = row.what;
  CAPTURE(what, kind == Kind::keep);
  auto l = limit(kind, 1);
  auto plan = with_limits({l}, {inject("process.pause"), pause(20s)});
  plan.slots.front() = {"primary", {"db1"}, {}, {}};
  if (what.find("health") != std::string::npos) {
    plan.limits.push_back(limit(Kind::keep, 1));
    plan.limits.back().healthy = plan::RoleQuestion{{}, {"healthy"}};
    w.fleet.commands["healthy"] = [&](Host& host, const Strings&) {
      return CommandResult{host.name == "db1" ? 0 : 1, {}, 10ms};
    };
  }
  if (what == "its health cannot be told")
    w.fleet.loses = [](const ports::Call& call) {
      return call.verb == ports::Verb::command && call.host.name == "db2" ? Fleet::Fate::lost
                                                                          : Fleet::Fate::arrives;
    };
  if (what == "it is off") w.power("db2", false);
  if (what == "it is cut off") w.fleet.cut("db2", 10min);
  if (what == "another run holds it") {
    w.rival(with_steps(bare_plan(), {inject("process.pause", "standby"), pause(5min)}));
    w.pass(10s);
  }
  if (what.starts_with("another run's fault")) {
    auto& theirs = w.fleet.host("db2").effects["e9"];
    theirs.run = "run-9";
    theirs.store = "store-9";
    theirs.fault = "disk.fill";
    theirs.started = true;
    theirs.over = what.ends_with("undone");
    if (theirs.over) theirs.healed_by = "lease";
  }
  w.elsewhere = what.starts_with("the store")
                    ? std::map<std::string, std::string>{{"db2", row.told}}
                    : std::map<std::string, std::string>{};
  Process& p = w.begin(plan);
  w.finish(p);
  w.judge_end(p);
  const bool fine = std::string{row.told}.empty();
  CHECK(w.result() == (fine ? "PASS" : "NOT_RUN"));
  CHECK((intents() > 0) == fine);
  CHECK(says(row.told));
  if (!fine)
    CHECK(says(kind == Kind::keep ? "0 of 2 would be healthy; down already: db2"
                                  : "2 of 2 would be hit or down at once; down already"));
  for (auto& other : w.processes())
    if (!other->ended()) w.finish(*other);
}

TEST_CASE_METHOD(Limited, "at_most counts across the runs of one store: one of a group at a time",
                 "[limits]") {
  auto one = with_limits({limit(Kind::at_most, 1)}, {inject("process.pause", "db1s"), pause(1min)});
  one.slots.push_back({"db1s", {"db1"}, {}, {}});
  // On hosts of its own, so that it is no lock that refuses it.
  auto other = with_steps(bare_plan(), {inject("process.pause", "standby"), pause(1min),
                                        check(command_holds("standby", {"true"}))});
  other.limits = one.limits;
  Process& first = w.begin(one);
  w.pass(10s);
  Process& second = w.begin(other, "run-2");
  w.finish(second);
  CHECK(w.state("run-2").result.value_or("none") == "NOT_RUN");
  CHECK(w.state("run-2").effects.empty());
  CHECK(says("db1 is locked by run run-1 of", "run-2"));
  w.finish(first);
  CHECK(w.result() == "PASS");
  Process& third = w.begin(other, "run-3");
  w.finish(third);
  CHECK(w.state("run-3").result.value_or("none") == "PASS");
}

TEST_CASE_METHOD(Limited, "two branches count one after the other: one of them is refused",
                 "[limits]") {
  const auto kind = GENERATE(Kind::keep, Kind::at_most);
  auto plan = with_limits(
      {limit(kind, 1)},
      {inject("process.pause", "db1s"), beside(inject("process.pause", "standby")), pause(30s)});
  plan.slots.push_back({"db1s", {"db1"}, {}, {}});
  w.drill(plan);
  CHECK(w.result() == "ABORTED");
  CHECK(w.verdict_state() == "clean");
  CHECK(intents() == 1);
  CHECK(says("guardrail"));
}

TEST_CASE_METHOD(Limited, "whose effect ends while the others are asked is asked as well",
                 "[limits]") {
  auto plan =
      with_limits({limit(Kind::keep, 1)},
                  {named(inject("process.pause", "db1s"), "first"), pause(3s), revert("first"),
                   pause(5500ms), named(inject("process.pause", "standby"), "second")});
  const std::vector<std::vector<std::size_t>> after{{}, {0}, {1}, {}, {3}, {2, 4}};
  for (std::size_t i = 0; i < after.size(); ++i) plan.steps.at(i).after = after[i];
  plan.slots.push_back({"db1s", {"db1"}, {}, {}});
  plan.limits.back().healthy = plan::RoleQuestion{{}, {"healthy"}};
  const bool is_mended = GENERATE(false, true);
  std::size_t asked = 0;
  w.fleet.commands["healthy"] = [&](Host& host, const Strings&) {
    if (host.name == "db2") return CommandResult{0, {}, 4s};
    const bool is_ill = ++asked > 2 && !is_mended;  // since it was hit
    return CommandResult{is_ill ? 1 : 0, {}, 10ms};
  };
  w.drill(plan);
  CHECK(asked == 3);
  CHECK(w.result() == (is_mended ? "PASS" : "ABORTED"));
  CHECK(intents() == (is_mended ? 2 : 1));
  if (!is_mended) CHECK(says("is not known to be healthy; no"));
}

TEST_CASE_METHOD(Limited, "what is undone is not counted any more", "[limits]") {
  auto plan = with_limits({limit(Kind::at_most, 1), limit(Kind::keep, 1)},
                          {named(inject("process.pause", "db1s"), "first"), revert("first"),
                           inject("process.pause", "standby"), pause(30s)});
  plan.slots.push_back({"db1s", {"db1"}, {}, {}});
  w.drill(plan);
  CHECK(w.result() == "PASS");
  CHECK(intents() == 2);
  CHECK(w.state().counted.size() == 3);  // in preflight, and before each effect
}

TEST_CASE_METHOD(Limited, "a member that dies while the drill is running stops the next effect",
                 "[limits]") {
  auto plan = with_limits({limit(Kind::keep, 1)},
                          {named(run_undo("front", {"true"}, {"true"}), "drain"), pause(1min),
                           named(inject("process.pause"), "late"), pause(30s)});
  plan.slots.front() = {"primary", {"db1"}, {}, {}};
  w.time.after(20s, [this] { w.power("db2", false); });
  w.drill(plan);
  CHECK(w.result() == "ABORTED");
  CHECK(w.verdict_state() == "clean");
  CHECK(intents() == 1);
  CHECK(w.effect().status == EffectIs::reverted);
  CHECK(
      says("guardrail keep of orders_db: 1 healthy (the drill, drills/d.yaml:5:3): with db1 hit, "
           "0 of 2 would be healthy; down already: db2"));
}

TEST_CASE_METHOD(Limited, "on_failure: continue does not go on past a guardrail", "[limits]") {
  auto plan = with_limits({limit(Kind::keep, 1)},
                          {run_undo("front", {"true"}, {"true"}), pause(1min),
                           go_on(inject("process.pause")), inject("disk.fill", "front")});
  plan.slots.front() = {"primary", {"db1"}, {}, {}};
  w.time.after(20s, [this] { w.power("db2", false); });
  w.drill(plan);
  CHECK(w.result() == "ABORTED");
  CHECK(intents() == 1);
}

TEST_CASE_METHOD(Limited, "a restore is an effect too; a copy that serves is none", "[limits]") {
  auto plan = restore_test();
  plan.limits = {limit(Kind::keep, 2)};
  w.drill(plan);
  CHECK(w.result() == "NOT_RUN");
  CHECK(intents() == 0);
}

TEST_CASE_METHOD(Limited, "a dead member is not asked again for what the record tells",
                 "[limits]") {
  auto plan = with_limits({limit(Kind::at_most, 1)},
                          {named(inject("node.kill"), "loss"), inject("process.pause", "front")});
  std::size_t asked = 0;
  w.fleet.on_carried_out = [&, judge = w.fleet.on_carried_out](const Host& host,
                                                               const ports::Call& call) {
    if (call.verb == ports::Verb::facts && host.name == "db1") ++asked;
    judge(host, call);
  };
  const auto began = w.time.now();
  w.drill(plan);
  CHECK(w.result() == "PASS");
  CHECK(asked == 3);  // by preflight, before the warm-up, and before it was killed
  CHECK(w.time.now() - began < 15s);
}

}  // namespace
}  // namespace muster::sim
