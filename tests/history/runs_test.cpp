#include "history/closing.hpp"
#include "journal/kinds.hpp"
#include "journal/retention.hpp"
#include "tests/catch.hpp"
#include "tests/history/story.hpp"

using namespace muster;
using namespace muster::history;
using namespace std::chrono_literals;

namespace {

journal::Entry entry(std::string_view action, const std::string& run, Json data = nullptr) {
  journal::Entry e;
  e.action = action;
  e.run = run;
  e.drill = "orders";
  e.ts = test::on_day(1);
  e.actor.principal = "unix:ana";
  e.data = std::move(data);
  return e;
}

/// A run of one fault and one restore, with an objective and a role that changed hands.
journal::RunState a_state() {
  journal::RunState s;
  s.opened_at = instant(1'000'000'000);
  s.closed_at = instant(61'000'000'000);
  s.targets["primary"] = {"pg-1", "pg-2"};
  journal::EffectState fault;
  fault.id = "1";
  fault.script = "node.kill";
  fault.host = "pg-1";
  fault.status = journal::EffectStatus::held;
  fault.injected_once = fault.proven = true;
  auto announced = fault;
  announced.script = "disk.fill";
  announced.injected_once = announced.proven = false;
  auto restore = fault;
  restore.script = "pgbackrest";
  restore.host = "dr-1";
  restore.restore = true;
  restore.step = "copy";
  restore.status = journal::EffectStatus::reverted;
  s.effects = {fault, announced, fault, restore};
  s.steps["copy"].status = journal::StepStatus::passed;
  journal::Entry measured;
  const Json rto{{"objective", "rto"},
                 {"service", "orders"},
                 {"met", "yes"},
                 {"reason", "a sentence"},
                 {"actual", {{"lo", "41000000000"}, {"hi", "42000000000"}}},
                 {"limit", "900000000000"}};
  const Json lost{{"objective", "lost_writes"}, {"met", "no"}, {"lost", 3u}, {"lost_max", 0u}};
  measured.data["objectives"] = Json::array({rto, lost});
  s.measured = {measured};
  for (const char* person : {"ana", "bo", "ana"}) {
    journal::Tenure t;
    t.role = "dba";
    t.holder = person;
    s.tenures.push_back(t);
  }
  return s;
}

}  // namespace

TEST_CASE("what run.closed keeps of a run is read back from the workspace's log") {
  Runs runs;
  runs.add(entry(journal::kinds::kRunOpened, "r1"));
  runs.add(entry(journal::kinds::kRunOpened, "r2"));
  auto closed =
      entry(journal::kinds::kRunClosed, "r1",
            {{"size", 57u}, {"root", "x"}, {"state", "clean"}, {"summary", closing_of(a_state())}});
  closed.outcome = "FAIL";
  runs.add(closed);
  REQUIRE(runs.all().size() == 2);
  CHECK_FALSE(runs.all()[1].closed);
  const auto& run = runs.all()[0];
  CHECK(run.is_test());
  CHECK_FALSE(run.passed());
  CHECK(run.entries == 57);
  CHECK(run.took == 60s);
  CHECK(run.hosts == std::vector<std::string>{"dr-1", "pg-1", "pg-2"});
  REQUIRE(run.faults.size() == 1);  // what was only announced is none, and the same twice is one
  CHECK(run.faults[0].name == "node.kill");
  CHECK(run.faults[0].end == "held");
  REQUIRE(run.restores.size() == 1);
  CHECK(run.restores[0].step == "passed");
  REQUIRE(run.roles.size() == 2);
  CHECK(run.roles[1].person == "bo");
  REQUIRE(run.objectives.size() == 2);
  CHECK(run.objectives[0].actual == measure::Interval{41s, 42s});
  CHECK(run.objectives[0].limit == Duration{900s});
  CHECK(run.objectives[1].lost == 3);
}

TEST_CASE("a summary stays small, and says how much it leaves out") {
  auto state = a_state();
  for (int i = 0; i < 300; ++i) state.targets["web"].push_back("web-" + std::to_string(1000 + i));
  const auto summary = closing_of(state);
  CHECK(summary.at("hosts").size() == kHostsMax);
  CHECK(summary.at("left_out") == 203);
  CHECK(summary.dump().size() < 8'000);
}

TEST_CASE("a summary that cannot be read is none; one of a removed run stays") {
  Runs runs;
  runs.add(entry(journal::kinds::kRunOpened, "r1"));
  auto closed = entry(journal::kinds::kRunClosed, "r1", {{"state", "clean"}, {"summary", "x"}});
  closed.outcome = "PASS";
  runs.add(closed);
  CHECK_FALSE(runs.all()[0].summarised);
  closed.data["summary"] = Json{{"objectives", Json::array({1, Json{{"actual", 7}}})},
                                {"hosts", Json::array({1, "db-1"})}};
  runs.add(closed);
  CHECK(runs.all()[0].summarised);
  CHECK(runs.all()[0].hosts == std::vector<std::string>{"db-1"});
  journal::Pruned pruned;
  pruned.run = "r1";
  pruned.whole = true;
  runs.add(entry(journal::kinds::kRecordPruned, "", journal::pruned_data(pruned, 1)));
  CHECK(runs.all()[0].removed);
  CHECK(runs.all()[0].result == "PASS");
}

TEST_CASE("runs are filtered") {
  auto open = test::a_run(5, "r5", "orders", "");
  open.closed.reset();
  auto other = test::a_run(3, "r3", "billing", "FAIL");
  other.hosts = {"db-1"};
  other.by = "unix:bo";
  auto dirty = test::a_run(4, "r4", "orders", "ABORTED");
  dirty.state = "dirty";
  const std::vector<Run> all{test::a_run(1, "r1", "orders", "PASS"),
                             test::a_run(2, "r2", "orders", "FAIL"), other, dirty, open};
  const auto ids = [&](const Filter& f) {
    std::string out;
    for (const auto* run : filtered(all, f)) out += (out.empty() ? "" : " ") + run->id;
    return out;
  };
  Filter f;
  CHECK(ids(f) == "r1 r2 r3 r4 r5");
  struct Row {
    Filter filter;
    const char* are;
  };
  const auto with = [](auto change) {
    Filter filter;
    change(filter);
    return filter;
  };
  for (const auto& row : {Row{with([](auto& x) { x.drill = "orders"; }), "r1 r2 r4 r5"},
                          Row{with([](auto& x) { x.result = "fail"; }), "r2 r3"},
                          Row{with([](auto& x) { x.result = "OPEN"; }), "r5"},
                          Row{with([](auto& x) { x.state = "dirty"; }), "r4"},
                          Row{with([](auto& x) { x.by = "unix:bo"; }), "r3"},
                          Row{with([](auto& x) { x.host = "db-1"; }), "r3"},
                          Row{with([](auto& x) { x.since = test::on_day(2); }), "r2 r3 r4 r5"},
                          Row{with([](auto& x) { x.until = test::on_day(2); }), "r1"},
                          Row{with([](auto& x) { x.newest = 2; }), "r4 r5"},
                          Row{with([](auto& x) {
                                x.newest = 1;
                                x.result = "FAIL";
                              }),
                              "r3"}}) {
    CAPTURE(row.are);
    CHECK(ids(row.filter) == row.are);
  }
}
