// What a command reads: the engine passes the name of a secret on, and records nothing of it.
#include "tests/catch.hpp"
#include "tests/engine/by_hand.hpp"

namespace muster::engine::test {
namespace {

using ports::Said;
using ports::Verb;

constexpr const char* kText = "password=${secret.db}\n";

plan::Plan one_run(plan::Step step) {
  auto plan = sim::bare_plan();
  std::erase_if(plan.slots, [](const auto& slot) { return slot.name != "front"; });
  std::get<plan::Run>(step.action).standard_input = kText;
  return sim::with_steps(std::move(plan), {std::move(step)});
}

/// All that a turn records, as JSON.
std::string recorded(const Output& out) {
  std::string all;
  for (const auto& draft : out.drafts) all += draft.data.dump() + draft.revert + "\n";
  return all;
}

TEST_CASE("a run with an undo: its inject reads it, arming and reverting do not") {
  ByHand m{one_run(sim::run_undo("front", {"switch"}, {"switch", "back"}))};
  std::string all = recorded(m.past_preflight());
  REQUIRE(m.waiting(Verb::arm) == 1);
  CHECK(m.calls().back().call.standard_input.empty());
  all += recorded(m.answer(Verb::arm, Said::yes, "uptime_cs=1100\n"));
  REQUIRE(m.waiting(Verb::inject) == 1);
  CHECK(m.calls().back().call.standard_input == kText);
  all += recorded(m.answer(Verb::inject, Said::yes));
  REQUIRE(m.waiting(Verb::revert) == 1);
  CHECK(m.calls().back().call.standard_input.empty());
  CHECK(all.find("do_0") != std::string::npos);
  CHECK(all.find("secret") == std::string::npos);
}

TEST_CASE("a run of no return: its command reads it") {
  ByHand m{one_run(sim::no_return("front", {"switch"}))};
  const auto all = recorded(m.past_preflight());
  REQUIRE(m.waiting(Verb::command) == 1);
  CHECK(m.calls().back().call.standard_input == kText);
  CHECK(all.find("secret") == std::string::npos);
}

}  // namespace
}  // namespace muster::engine::test
