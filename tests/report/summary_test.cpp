#include "report/summary.hpp"

#include <algorithm>

#include "story.hpp"
#include "tests/catch.hpp"

using namespace muster;
using namespace muster::test;

namespace {

report::Verdict verdict(const report::Record& r) {
  return report::summarise(r).verdict;
}

/// As a run would be whose verdict entry says `result`, with hostile words wherever users may
/// write.
report::Record with_result(const std::string& result) {
  auto r = a_fail();
  r.state.result = result;
  r.state.verdict = Json{{"state", "clean"},
                         {"reasons", {"PASS: all is well", "not proven undone: PASS on pg-1"}},
                         {"exit_code", 0}};
  r.plan.title = "PASS";
  return r;
}

}  // namespace

TEST_CASE("the verdict sentence tells it in plain words, result and state first") {
  CHECK(verdict(a_pass()).sentence ==
        "PASS, changed — orders was lost for 36.2 s to 36.3 s and back within its 3 min; 3 "
        "acknowledged writes were lost, 97 ms to 203 ms of data."
        " 3 things are different from before and listed.");
  CHECK(verdict(a_fail()).sentence ==
        "FAIL, changed — orders was lost for 3 min 00.177 s to 3 min 00.283 s, above the 1 min "
        "allowed; 3 acknowledged writes were lost, 97 ms to "
        "203 ms of data. 3 things are different from before and listed.");
  CHECK(verdict(an_inconclusive())
            .sentence.starts_with("INCONCLUSIVE, changed — orders was lost for 36.2 s to 36.3 s, "
                                  "on both sides of the 36.2 s allowed"));
  CHECK(verdict(an_invalid()).sentence ==
        "INVALID, clean — the drill tested nothing: fault not proven: node.kill on pg-1: it was "
        "not proven to have taken effect; no: pg-1's power is on"
        " (and 1 more).");
  CHECK(verdict(a_dirty_fail()).sentence ==
        "ABORTED, dirty — stopped: a real incident began (and 1 more); what the clients of orders "
        "saw was not measured. DIRTY: 1 thing is not proven "
        "undone; nothing else may start on pg-1.");
  CHECK(verdict(a_not_run()).sentence ==
        "NOT_RUN, clean — nothing was touched: preflight: dr-1 has no `pgbackrest`, which the plan "
        "needs there.");
  CHECK(verdict(a_restore_test()).sentence ==
        "PASS, clean — 2 backups came back and were proven by 4 checks, the slowest in 13.9 s, "
        "within the 2 min allowed; a damaged copy was refused; the "
        "newest data was 8.53 s old, within the 15 min allowed.");
  CHECK(verdict(an_unfinished()).sentence == "NO VERDICT — the run has not come to its end.");
}

TEST_CASE("the word PASS stands in the sentence of a PASS and of nothing else") {
  for (const auto& [name, record] : all_runs()) {
    const auto v = verdict(record);
    INFO(name << ": " << v.sentence);
    CHECK((v.sentence.find("PASS") != std::string::npos) ==
          (v.result == measure::DrillResult::pass));
  }
  for (const char* result :
       {"FAIL", "INCONCLUSIVE", "INVALID", "NOT_RUN", "ABORTED", "PASSED", "pass", ""}) {
    const auto v = verdict(with_result(result));
    INFO(v.sentence);
    CHECK(v.sentence.find("PASS") == std::string::npos);
    CHECK(v.word != "PASS");
  }
}

TEST_CASE("no verdict is read from a record that is no proof") {
  SECTION("an entry was changed") {
    auto r = a_pass();
    r.verified.findings = {{journal::Damage::edited, 12, "entry 12 does not follow from entry 11"}};
    r.verified.findings_count = 1;
    const auto v = verdict(r);
    CHECK_FALSE(v.result);
    CHECK(v.sentence.find("entry 12 does not follow") != std::string::npos);
    CHECK(v.exit_code != 0);
  }
  SECTION("it holds a kind of entry that this muster does not know") {
    auto r = a_pass();
    r.state.unknown_kinds = {"effect.improved"};
    CHECK_FALSE(verdict(r).result);
    CHECK(verdict(r).sentence.find("effect.improved") != std::string::npos);
  }
  SECTION("its state is not a word of ours") {
    auto r = a_pass();
    r.state.verdict["state"] = "spotless";
    CHECK_FALSE(verdict(r).result);
  }
}

TEST_CASE("reasons, what to do and what differs are told apart") {
  const auto dirty = verdict(a_dirty_fail());
  REQUIRE(dirty.dirty.size() == 1);
  CHECK(dirty.dirty[0].starts_with("node.kill on pg-1 is not proven undone"));
  CHECK(dirty.exit_code == 6);
  const auto pass = verdict(a_pass());
  CHECK(pass.changed.size() == 3);
  CHECK(pass.dirty.empty());
  CHECK(pass.exit_code == 0);
}

TEST_CASE("the phases run from the loss to the recovery, and what was not recorded says so") {
  const auto s = report::summarise(a_pass());
  std::string letters;
  for (const auto& p : s.phases)
    if (!p.letter.empty()) letters += p.letter + (p.when.lo || p.when.hi ? " " : "? ");
  CHECK(letters == "F D? Dec? S Rf U T V C R ");
}

TEST_CASE("an objective that was declared and never judged is shown as unknown") {
  const auto s = report::summarise(a_not_run());
  REQUIRE(s.objectives.size() == 2);
  for (const auto& j : s.objectives) CHECK(j.met == measure::Met::unknown);
}

TEST_CASE("a step tells what was expected, with the hosts and addresses that were bound") {
  const auto s = report::summarise(a_pass());
  REQUIRE(s.steps.size() == 6);
  CHECK(s.steps[0].expected == "node.kill takes effect on primary (pg-1)");
  CHECK(s.steps[3].commands ==
        std::vector<std::string>{"/usr/local/sbin/switch-orders 10.99.0.21"});
  CHECK(s.steps[3].no_return);
  CHECK(s.steps[5].is_end);
  CHECK(s.steps[5].expected == "holds now: tcp 10.99.0.11:5432 is down");
  CHECK(s.steps[1].state.answered_by == "unix:chen");
}

TEST_CASE("deviations name the stop, the lost lease and what could not be undone") {
  const auto s = report::summarise(a_dirty_fail());
  const auto has = [&](const char* part) {
    return std::any_of(s.deviations.begin(), s.deviations.end(),
                       [&](const auto& d) { return d.find(part) != std::string::npos; });
  };
  CHECK(has("unix:bo asked to abort: a real incident began"));
  CHECK(has("the lease on controller was lost"));
  CHECK(has("could not be undone"));
  CHECK(report::summarise(a_pass()).deviations.empty());
}

TEST_CASE("a record that nobody witnessed says so") {
  CHECK(report::standing(a_pass().verified) == "intact and witnessed");
  CHECK(report::standing(a_dirty_fail().verified) == "intact, UNWITNESSED");
}
