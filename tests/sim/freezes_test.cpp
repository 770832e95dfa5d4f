// A freeze that begins while a drill goes on: no step and no effect begins after it, however
// seldom somebody looks at the calendars otherwise, and what was begun is undone.
#include "tests/catch.hpp"
#include "tests/sim/world.hpp"

namespace muster::sim {
namespace {

using namespace std::chrono_literals;
using Strings = std::vector<std::string>;

struct Frozen {
  World w{11};
  ~Frozen() { CHECK(w.breaches == Strings{}); }

  static plan::Plan with(std::vector<plan::Step> steps) {
    steps.push_back(check(command_holds("front", {"true"})));
    return with_steps(bare_plan(), std::move(steps));
  }
  void freezes() { w.frozen = "changes: Year end, until 2027-01-02"; }
  /// As soon as that stands in the record of that step.
  void freezes_after(std::string_view action, const std::string& step) {
    w.on_entry = [this, action, step](Process&, const journal::Draft& d) {
      if (d.action == action && d.step == step) freezes();
    };
  }
  std::size_t intents() { return w.state().effects.size(); }
  bool says(const std::string& part) {
    return w.state().verdict.dump().find(part) != std::string::npos;
  }
};

TEST_CASE_METHOD(Frozen, "a freeze between two steps keeps the second from starting", "[freezes]") {
  const auto plan = with({named(inject("process.pause"), "first"), named(pause(2s), "between"),
                          named(inject("disk.fill", "front"), "second")});
  freezes_after("step.started", "between");  // two seconds before the second
  w.drill(plan);
  CHECK(w.result() == "ABORTED");
  CHECK(w.verdict_state() == "clean");
  CHECK(says("frozen: changes: Year end"));
  CHECK(intents() == 1);
  CHECK(w.effect().status == EffectIs::reverted);
  CHECK(w.step("second") == StepIs::skipped);
}

TEST_CASE_METHOD(Frozen, "a freeze that begins while hosts are looked at keeps the effect away",
                 "[freezes]") {
  auto plan = with({named(inject("process.pause"), "first"), named(inject("disk.fill"), "second")});
  plan::Limit limit;
  limit.of = "orders_db";
  limit.wanted = "2";
  limit.kind = plan::Limit::Kind::at_most;
  limit.count = 2;
  limit.hosts = {"db1", "db2"};
  plan.limits = {limit};
  freezes_after("step.started", "second");
  w.drill(plan);
  CHECK(w.result() == "ABORTED");
  CHECK(w.verdict_state() == "clean");
  CHECK(intents() == 1);
}

TEST_CASE_METHOD(Frozen, "nothing was announced: the drill was not run", "[freezes]") {
  freezes_after("run.began", "");
  w.drill(with({inject("process.pause")}));
  CHECK(w.result() == "NOT_RUN");
  CHECK(intents() == 0);
  CHECK(says("frozen: changes"));
}

TEST_CASE_METHOD(Frozen, "before the step of no return it is undone, though it was held already",
                 "[freezes]") {
  const auto plan = with({named(inject("process.pause"), "first"),
                          named(no_return("front", {"switch", "db2"}), "switch")});
  freezes_after("step.started", "switch");
  w.drill(plan);
  CHECK(w.result() == "ABORTED");
  CHECK_FALSE(w.state().past_no_return());
  CHECK(w.verdict_state() == "clean");
  CHECK(w.effect().status == EffectIs::reverted);
}

TEST_CASE_METHOD(Frozen, "a restore begins no more either", "[freezes]") {
  freezes();
  w.drill(restore_test());
  CHECK(w.result() == "NOT_RUN");
  CHECK(intents() == 0);
}

}  // namespace
}  // namespace muster::sim
