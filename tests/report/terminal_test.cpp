#include "report/terminal.hpp"

#include <algorithm>

#include "journal/kinds.hpp"
#include "story.hpp"
#include "tests/catch.hpp"

using namespace muster;
using namespace muster::test;
namespace kinds = journal::kinds;

namespace {

/// The lines that somebody saw who watched the run.
std::vector<std::string> watched(const report::Record& r) {
  std::vector<std::string> out;
  for (const auto& e : r.entries) {
    if (auto line = report::progress_line(journal::draft_of(e), *r.state.opened_at, r.plan))
      out.push_back(*line);
  }
  return out;
}

bool any(const std::vector<std::string>& lines, std::string_view part) {
  return std::any_of(lines.begin(), lines.end(),
                     [&](const auto& l) { return l.find(part) != std::string::npos; });
}

}  // namespace

TEST_CASE("progress is a plain line for each thing that a watcher wants to see") {
  CHECK(watched(a_pass()) ==
        std::vector<std::string>{
            "00:00.0  opened: Orders: lose the primary, restore from backup (orders-primary-loss, "
            "up to 20 min 00 s)",
            "00:00.3  preflight: pg-1 is fit",
            "00:00.4  preflight: dr-1 is fit",
            "00:00.4  preflight: lb-1 is fit",
            "00:00.6  targets: front = lb-1, primary = pg-1, recovery = dr-1",
            "00:00.9  preflight passed; services are warming up",
            "02:00.9  step 1 \"Lose the primary\" started",
            "02:01.2  node.kill on pg-1: its undo is armed and read back",
            "02:02.9  node.kill on pg-1: ACTIVE, proven",
            "02:02.9  step 1 \"Lose the primary\" passed",
            "02:02.9  step 2 \"Choose the point to restore to\" started",
            "02:02.9  NEEDS chen (dba) by 21:22:08 UTC: The primary is gone. Name the last good "
            "moment, or leave it for the newest. -> muster step answer "
            "decide recover_to=latest",
            "02:11.4  step 2 \"Choose the point to restore to\": unix:chen answered: "
            "recover_to=latest",
            "02:11.4  step 2 \"Choose the point to restore to\" passed",
            "02:11.4  step 3 \"Restore the backup on the recovery host\" started",
            "02:11.9  pgbackrest on dr-1: its undo is armed and read back",
            "02:20.9  restore on dr-1: restore (backup 20261122-205501F)",
            "02:30.3  pgbackrest on dr-1: ACTIVE, proven",
            "02:35.0  step 3 \"Restore the backup on the recovery host\" passed",
            "02:35.0  step 4 \"Point the front door at the recovered database\" started",
            "02:35.0  node.kill on pg-1: HELD, nothing undoes it by itself any more",
            "02:35.0  pgbackrest on dr-1: HELD, nothing undoes it by itself any more",
            "02:37.9  step 4 \"Point the front door at the recovered database\" passed",
            "02:37.9  step 5 \"Clients are served again\" started",
            "02:43.0  step 5 \"Clients are served again\" passed: orders is up",
            "02:43.3  end 1 \"Nobody answers on the old primary\" started",
            "02:44.3  end 1 \"Nobody answers on the old primary\" passed: tcp 10.99.0.11:5432 is "
            "down: no route to host",
            "02:44.4  VERDICT PASS, changed",
            "02:44.4  closed"});
}

TEST_CASE("what must not be missed is in capitals") {
  const auto lines = watched(a_dirty_fail());
  CHECK(any(lines, "LEASE LOST on controller"));
  CHECK(any(lines, "COULD NOT BE UNDONE"));
  CHECK(any(lines, "unix:bo asked to abort: a real incident began"));
  CHECK(any(watched(a_not_run()), "preflight: dr-1 REFUSED: dr-1 has no `pgbackrest`"));
}

TEST_CASE("samples and the record's own order of writes are no progress") {
  journal::Draft d;
  d.data = Json{{"service", "orders"}, {"blob", "00"}, {"count", 100}};
  for (const auto action : {kinds::kSamplesSealed, kinds::kMeasured, kinds::kEffectIntent,
                            kinds::kEffectInjecting, kinds::kCheckpoint}) {
    d.action = action;
    CHECK_FALSE(report::progress_line(d, instant(0), a_pass().plan));
  }
}

TEST_CASE("nothing that a target says steers the terminal") {
  journal::Draft d;
  d.action = kinds::kEffectUnknown;
  d.target.host = "pg-1";
  d.data = Json{{"why", "\x1b]0;owned\x07\nsecond line\r"}};
  const auto line = report::progress_line(d, instant(0), {});
  REQUIRE(line);
  CHECK(
      *line ==
      "00:00.0  effect on pg-1: UNKNOWN whether it is there: \\x1b]0;owned\\x07 second line\\x0d");
  auto r = a_fail();
  r.state.steps.at("switch").why = "\x1b[2J";
  r.state.steps.at("switch").status = journal::StepStatus::failed;
  CHECK(report::terminal_text(report::summarise(r), false).find('\x1b') == std::string::npos);
}

TEST_CASE("the summary begins with the verdict, fits a screen, and colours only when asked to") {
  for (const auto& [name, record] : all_runs()) {
    INFO(name);
    const auto s = report::summarise(record);
    const auto plain = report::terminal_text(s, false);
    CHECK(plain.substr(0, plain.find('\n')).find(s.verdict.sentence) != std::string::npos);
    CHECK(std::count(plain.begin(), plain.end(), '\n') <= 40);
    CHECK(plain.find('\x1b') == std::string::npos);
  }
  CHECK(report::terminal_text(report::summarise(a_pass()), true)
            .starts_with("\x1b[34m✓\x1b[0m PASS"));
  CHECK(report::terminal_text(report::summarise(a_fail()), true)
            .starts_with("\x1b[33m✗\x1b[0m FAIL"));
}
