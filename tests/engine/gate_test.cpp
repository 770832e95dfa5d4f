// A host with a gate does only what that gate holds: another one is found before anything is
// touched.
#include "plan/gate.hpp"

#include "tests/catch.hpp"
#include "tests/engine/by_hand.hpp"

namespace muster::engine::test {
namespace {

using ports::Said;
using ports::Verb;

plan::Plan gated() {
  auto plan = sim::bare_plan();
  std::erase_if(plan.slots, [](const auto& slot) { return slot.name != "primary"; });
  plan.hosts.at("db1").address.become = true;
  plan.hosts.at("db1").address.gate = "/usr/local/lib/muster/gate";
  return sim::with_steps(std::move(plan), {sim::inject("process.pause")});
}

Output facts_of_both(ByHand& m, const std::string& gate) {
  m.begin();
  m.answer(Verb::facts, Said::yes, "uptime_cs=1\ntool.sh=yes\nmachine_id=m1\n" + gate);
  return m.answer(Verb::facts, Said::yes, "uptime_cs=1\ntool.sh=yes\nmachine_id=m2\n");
}

TEST_CASE("a host whose gate is not the plan's is not begun with, and the right one is named") {
  struct Row {
    std::string gate, problem;
  };
  for (const auto& row :
       {Row{"", "does not know this drill"}, Row{"gate.other=abc\n", "does not know this drill"},
        Row{"gate.simulated=abc\n", "is of another plan of this drill"}}) {
    ByHand m{gated()};
    CHECK(facts_of_both(m, row.gate).over);
    CHECK(m.state().result == "NOT_RUN");
    const auto verdict = m.state().verdict.dump();
    CHECK(verdict.find(row.problem) != std::string::npos);
    CHECK(verdict.find("`muster sudoers simulated --host db1 --dir DIR`") != std::string::npos);
  }
}

TEST_CASE("a host with the plan's own gate is gone on with") {
  ByHand m{gated()};
  const auto id = plan::gate_id(gated(), "db1").value();
  CHECK_FALSE(facts_of_both(m, "gate.simulated=" + id + "\n").over);
  CHECK(m.waiting(Verb::command) == 2);
}

}  // namespace
}  // namespace muster::engine::test
