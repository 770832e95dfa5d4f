#include "measure/verdict.hpp"

#include <functional>

#include "tests/catch.hpp"

using namespace muster;
using namespace muster::measure;
using std::chrono::seconds;

namespace {

Judgement objective(Met met) {
  Judgement j;
  j.service = "orders";
  j.met = met;
  j.reason = "because";
  return j;
}

VerdictFacts good() {
  VerdictFacts f;
  f.objectives = {objective(Met::yes)};
  f.checks = {{"nobody writes to the old primary", Held::yes, ""}};
  return f;
}

using Change = std::function<void(VerdictFacts&)>;
struct Row {
  const char* what;
  std::vector<Change> changes;
  DrillResult result;
  int exit;
  const char* first_reason;
};

const Change kMissed = [](VerdictFacts& f) { f.objectives.push_back(objective(Met::no)); };
const Change kStraddles = [](VerdictFacts& f) {
  f.objectives.push_back(objective(Met::straddles));
};
const Change kUnknownObjective = [](VerdictFacts& f) {
  f.objectives.push_back(objective(Met::unknown));
};
const Change kCheckFailed = [](VerdictFacts& f) {
  f.checks.push_back({"rows", Held::no, "0 of 5"});
};
const Change kCheckUnknown = [](VerdictFacts& f) {
  f.checks.push_back({"rows", Held::unknown, ""});
};
const Change kUndeclared = [](VerdictFacts& f) {
  f.undeclared_outages = {"orders was lost again"};
};
const Change kStepFailed = [](VerdictFacts& f) { f.failed_steps = {"restore"}; };
const Change kUnproven = [](VerdictFacts& f) { f.unproven_faults = {"node.kill on db-1"}; };
const Change kNotSeen = [](VerdictFacts& f) { f.outages_not_seen = {"orders"}; };
const Change kControl = [](VerdictFacts& f) { f.controls_passed = {"checksum"}; };
const Change kAborted = [](VerdictFacts& f) { f.aborted = "ana pressed Ctrl-C"; };
const Change kNotRun = [](VerdictFacts& f) { f.not_run = "db-1 is not reachable"; };
const Change kNotDone = [](VerdictFacts& f) { f.not_done = {"\"Look\": ana skipped it"}; };
const Change kUnknown = [](VerdictFacts& f) { f.unknowns = {"the clock of db-1"}; };

}  // namespace

TEST_CASE("the result, and what goes before what") {
  const std::vector<Row> rows{
      {"all met, all held", {}, DrillResult::pass, 0, "orders: rto: because"},
      {"objective missed", {kMissed}, DrillResult::fail, 1, "orders: rto: because"},
      {"check failed", {kCheckFailed}, DrillResult::fail, 1, "did not hold: rows (0 of 5)"},
      {"undeclared outage",
       {kUndeclared},
       DrillResult::fail,
       1,
       "undeclared outage: orders was lost again"},
      {"step failed", {kStepFailed}, DrillResult::fail, 1, "step failed: restore"},
      {"straddles", {kStraddles}, DrillResult::inconclusive, 3, "orders: rto: because"},
      {"objective not measured",
       {kUnknownObjective},
       DrillResult::inconclusive,
       3,
       "orders: rto: because"},
      {"check not evaluated", {kCheckUnknown}, DrillResult::inconclusive, 3, "not evaluated: rows"},
      {"a step not done",
       {kNotDone},
       DrillResult::inconclusive,
       3,
       "not done: \"Look\": ana skipped it"},
      {"something unknown", {kUnknown}, DrillResult::inconclusive, 3, "unknown: the clock of db-1"},
      {"fail beats unknown",
       {kCheckUnknown, kMissed},
       DrillResult::fail,
       1,
       "orders: rto: because"},
      {"fault not proven",
       {kUnproven},
       DrillResult::invalid,
       4,
       "fault not proven: node.kill on db-1"},
      {"outage not seen", {kNotSeen}, DrillResult::invalid, 4, "expected outage not seen: orders"},
      {"control passed", {kControl}, DrillResult::invalid, 4, "negative control passed: checksum"},
      {"invalid beats fail",
       {kCheckFailed, kUnproven},
       DrillResult::invalid,
       4,
       "fault not proven: node.kill on db-1"},
      {"invalid beats unknown",
       {kCheckUnknown, kNotSeen},
       DrillResult::invalid,
       4,
       "expected outage not seen: orders"},
      {"aborted", {kAborted}, DrillResult::aborted, 5, "stopped: ana pressed Ctrl-C"},
      {"aborted explains what is missing",
       {kAborted, kUnproven, kNotSeen, kCheckUnknown},
       DrillResult::aborted,
       5,
       "stopped: ana pressed Ctrl-C"},
      {"aborted beats a failed check",
       {kAborted, kCheckFailed},
       DrillResult::aborted,
       5,
       "stopped: ana pressed Ctrl-C"},
      {"a stop does not undo a miss",
       {kAborted, kMissed},
       DrillResult::fail,
       1,
       "orders: rto: because"},
      {"a miss of an invalid drill counts for nothing",
       {kAborted, kMissed, kUnproven},
       DrillResult::aborted,
       5,
       "stopped: ana pressed Ctrl-C"},
      {"not run",
       {kNotRun, kUnknownObjective, kUnproven},
       DrillResult::not_run,
       5,
       "db-1 is not reachable"},
  };
  for (const auto& row : rows) {
    INFO(row.what);
    auto facts = good();
    for (const auto& change : row.changes) change(facts);
    const auto v = verdict(facts);
    CHECK(name(v.result) == name(row.result));
    CHECK(v.exit_code == row.exit);
    CHECK(v.state == DrillState::clean);
    REQUIRE_FALSE(v.reasons.empty());
    CHECK(v.reasons[0] == row.first_reason);

    facts.dirty = {"a file is left on db-1: remove it"};
    const auto dirty = verdict(facts);
    CHECK(dirty.result == v.result);
    CHECK(dirty.state == DrillState::dirty);
    CHECK(dirty.exit_code == 6);
  }
}

TEST_CASE("nothing judged is not a PASS") {
  const auto v = verdict({});
  CHECK(v.result == DrillResult::inconclusive);
  CHECK(v.exit_code == 3);
}

TEST_CASE("the state is its own field") {
  auto facts = good();
  facts.changed = {"the leader is db-2 now"};
  const auto v = verdict(facts);
  CHECK(v.result == DrillResult::pass);
  CHECK(v.state == DrillState::changed);
  CHECK(v.exit_code == 0);
  CHECK(v.reasons.back() == "differs from before: the leader is db-2 now");
  facts.dirty = {"a mount is left"};
  CHECK(verdict(facts).state == DrillState::dirty);
}

TEST_CASE("names of results and states are read back") {
  for (auto r : {DrillResult::pass, DrillResult::fail, DrillResult::inconclusive,
                 DrillResult::invalid, DrillResult::not_run, DrillResult::aborted})
    CHECK(drill_result(name(r)) == r);
  for (auto s : {DrillState::clean, DrillState::changed, DrillState::dirty})
    CHECK(drill_state(name(s)) == s);
  CHECK(name(DrillResult::not_run) == "NOT_RUN");
  CHECK_FALSE(drill_result("pass"));
  CHECK_FALSE(drill_state(""));
}
