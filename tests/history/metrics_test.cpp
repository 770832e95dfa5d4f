#include "history/metrics.hpp"
#include <limits>

#include "history/annotations.hpp"
#include "history/exposition.hpp"
#include "tests/catch.hpp"
#include "tests/history/story.hpp"

using namespace muster;
using namespace muster::history;
using test::a_run;
using test::an_objective;

namespace {

/// The samples of one family, without its name.
std::string of(const std::string& text, const std::string& name) {
  std::string out;
  std::size_t at = 0;
  while (at < text.size()) {
    const auto end = text.find('\n', at);
    const auto line = text.substr(at, end - at);
    at = end + 1;
    if (line.starts_with(name + "{") || line.starts_with(name + " "))
      out += (out.empty() ? "" : "; ") + line.substr(name.size());
  }
  return out;
}

}  // namespace

TEST_CASE(
    "the text has help and type once a family, escapes labels, and prints no floating point") {
  Exposition out;
  out.family("a_empty", "gauge", "Nothing.");
  out.family("b_seconds", "gauge", "Times.");
  out.seconds({{"x", "a \"b\" \\ c\nd"}}, Duration{1'000'000'001});
  out.seconds({}, Duration{-1});
  out.sample({}, std::numeric_limits<std::uint64_t>::max());
  CHECK(std::move(out).text() ==
        "# HELP b_seconds Times.\n# TYPE b_seconds gauge\n"
        "b_seconds{x=\"a \\\"b\\\" \\\\ c\\nd\"} 1.000000001\n"
        "b_seconds -0.000000001\nb_seconds 18446744073709551615\n");
}

TEST_CASE("the figures are those of the newest test") {
  auto dirty = a_run(4, "r4", "orders", "ABORTED");
  dirty.state = "dirty";
  auto open = a_run(5, "r5", "orders", "");
  open.closed.reset();
  open.entries = 0;
  auto removed = a_run(0, "r0", "orders", "PASS");
  removed.removed = true;
  auto lost = an_objective(1, 1);
  lost.kind = "lost_writes";
  lost.actual.reset();
  lost.limit.reset();
  lost.lost = 3;
  const std::vector<Run> runs{
      removed, a_run(1, "r1", "orders", "PASS", {an_objective(41, 42)}),
      a_run(2, "r2", "orders", "FAIL", {an_objective(1000, {}, "no"), lost}), dirty, open};
  Measured m;
  m.version = "0.1.0";
  m.live_effects = 2;
  m.workspace_entries = 30;
  m.unsigned_entries = 1;
  m.last_checkpoint = wall_time(1'800'000'000'500'000'000);
  m.store_bytes = 4096;
  m.overdue = {{"orders", true}, {"unknown", true}};
  const auto text = metrics_text(runs, m);
  for (const auto& [name, samples] : std::vector<std::pair<std::string, std::string>>{
           {"muster_build_info", "{version=\"0.1.0\"} 1"},
           {"muster_runs_total",
            "{drill=\"orders\",result=\"ABORTED\",state=\"dirty\"} 1; "
            "{drill=\"orders\",result=\"FAIL\",state=\"clean\"} 1; "
            "{drill=\"orders\",result=\"PASS\",state=\"clean\"} 2"},
           {"muster_drill_last_tested_timestamp_seconds",
            "{drill=\"orders\"} 1800172800.000000000"},
           {"muster_drill_last_passed_timestamp_seconds",
            "{drill=\"orders\"} 1800086400.000000000"},
           {"muster_drill_last_test_passed", "{drill=\"orders\"} 0"},
           {"muster_objective_met",
            "{drill=\"orders\",objective=\"rto\",service=\"orders\"} 0; "
            "{drill=\"orders\",objective=\"lost_writes\",service=\"orders\"} 1"},
           {"muster_objective_limit_seconds",
            "{drill=\"orders\",objective=\"rto\",service=\"orders\"} 900.000000000"},
           {"muster_objective_actual_seconds",
            "{drill=\"orders\",objective=\"rto\",service=\"orders\",bound=\"lower\"} "
            "1000.000000000"},
           {"muster_objective_lost_writes",
            "{drill=\"orders\",objective=\"lost_writes\",service=\"orders\"} 3"},
           {"muster_drill_overdue", "{drill=\"orders\"} 1"},
           {"muster_drills_left_out", " 0"},
           {"muster_runs_open", " 1"},
           {"muster_runs_dirty", " 1"},
           {"muster_effects_live", " 2"},
           {"muster_record_entries", " 201"},
           {"muster_record_unsigned_entries", " 1"},
           {"muster_record_last_checkpoint_timestamp_seconds", " 1800000000.500000000"},
           {"muster_store_bytes", " 4096"}}) {
    CAPTURE(name);
    CHECK(of(text, name) == samples);
  }
}

TEST_CASE("however many drills there are, the series stay bounded") {
  std::vector<Run> runs;
  for (int i = 0; i < 700; ++i)
    runs.push_back(a_run(1, "r", "drill-" + std::to_string(1000 + i), "PASS"));
  const auto text = metrics_text(runs, {});
  CHECK(of(text, "muster_drills_left_out") == " 200");
  CHECK(text.find("drill-1499") != std::string::npos);
  CHECK(text.find("drill-1500") == std::string::npos);
}

TEST_CASE("a run becomes annotations: itself, its faults, the outages, by time") {
  journal::RunState s;
  CHECK(annotations_of(s).empty());
  s.run = "r1";
  s.drill = "orders";
  s.result = "PASS";
  s.opened_at = instant(10'000'000'000);
  s.opened_wall = wall_time(1'800'000'000'000'000'000);
  s.closed_at = instant(70'000'000'000);
  journal::EffectState late;
  late.script = "node.kill";
  late.host = "pg-1";
  late.status = journal::EffectStatus::held;
  late.inject_sent = instant(30'000'000'000);
  auto early = late;
  early.script = "pgbackrest";
  early.restore = true;
  early.inject_sent = instant(20'000'000'000);
  early.reverted_at = instant(25'500'000'000);
  auto never = late;
  never.inject_sent.reset();
  s.effects = {late, early, never};
  journal::Entry measured;
  Json outage{{"onset", {{"lo", "31000000000"}, {"hi", "32000000000"}}},
              {"recovery", {{"lo", "40000000000"}, {"hi", "41000000000"}}}};
  measured.data["service"] = Json{{"service", "front"}, {"outages", Json::array({outage})}};
  s.measured = {measured};
  const auto all = annotations_of(s);
  REQUIRE(all.size() == 4);
  CHECK(all[0] == Json{{"time", 1'800'000'000'000},
                       {"timeEnd", 1'800'000'060'000},
                       {"tags", {"muster", "run", "orders", "PASS"}},
                       {"text", "EXERCISE: orders (PASS), run r1"}});
  CHECK(all[1] == Json{{"time", 1'800'000'010'000},
                       {"timeEnd", 1'800'000'015'500},
                       {"tags", {"muster", "restore", "orders", "pg-1"}},
                       {"text", "pgbackrest on pg-1: held"}});
  CHECK_FALSE(all[2].contains("timeEnd"));
  CHECK(all[3] == Json{{"time", 1'800'000'021'000},
                       {"timeEnd", 1'800'000'031'000},
                       {"tags", {"muster", "outage", "orders", "front"}},
                       {"text", "front was not served"}});
}
