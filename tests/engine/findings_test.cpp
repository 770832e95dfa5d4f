// What a run left, as the verdict's state tells it.
#include "engine/findings.hpp"

#include "catalogue/restore.hpp"
#include "tests/catch.hpp"
#include "tests/sim/plans.hpp"

namespace muster::engine {
namespace {

TEST_CASE("a repository that changed during a restore is dirty until a person has compared") {
  journal::RunState state;
  state.steps["back"].status = journal::StepStatus::passed;
  state.steps["back"].restore = to_json(catalogue::RestoreOutcome{{}, false, Json::object()});
  journal::EffectState copy;
  copy.step = "back";
  copy.host = "db2";
  copy.restore = true;
  copy.status = journal::EffectStatus::reverted;
  state.effects.push_back(copy);
  const auto facts = [&] { return verdict_facts(sim::bare_plan(), state, {}, {}); };
  const auto said_of = [&](const std::string& host) {
    journal::Entry e;
    e.target.host = host;
    e.data = Json{{"what", "mended"}, {"reason", "I compared"}};
    state.requests.push_back(e);
  };
  REQUIRE(facts().dirty.size() == 1);
  CHECK(facts().dirty.front().find("`muster recover --mended HOST") != std::string::npos);
  said_of("db1");
  CHECK(facts().dirty.size() == 1);
  said_of("db2");
  CHECK(facts().dirty.empty());
  REQUIRE(facts().changed.size() == 1);
  CHECK(facts().changed.front().find("a person has compared") != std::string::npos);
}

}  // namespace
}  // namespace muster::engine
