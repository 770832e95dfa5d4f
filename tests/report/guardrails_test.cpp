// Guardrails in reports and in the live view: what each demands, what it said, and who sees it.
#include <algorithm>

#include "journal/kinds.hpp"
#include "plans.hpp"
#include "report/edition.hpp"
#include "report/html.hpp"
#include "report/json.hpp"
#include "report/live.hpp"
#include "report/summary.hpp"
#include "story.hpp"
#include "tests/catch.hpp"

using namespace muster;
using namespace muster::test;
using namespace std::chrono_literals;
namespace kinds = journal::kinds;

namespace {

Json told(const char* name, const char* why, int since_ms = -1) {
  Json data{{"name", name}, {"why", why}};
  if (since_ms >= 0) data["since"] = Story::ns(since_ms);
  return data;
}

Json counted(std::size_t would_be, bool fits) {
  return Json{
      {"hit", Json::array({"pg-1"})},
      {"limits", Json::array({Json{
                     {"kind", "keep"},
                     {"of", "orders_db"},
                     {"would_be", would_be},
                     {"fits", fits},
                     {"down", Json::array({Json{{"host", "pg-1"}, {"why", "at 10.0.0.7"}}})}}})}};
}

/// One holds, one stops the drill, one was never asked; two of three stay healthy.
report::Record a_stopped_run(bool refused = false) {
  auto plan = primary_loss();
  for (const char* name : {"payments", "the flag", "late"})
    plan.guards.push_back({name, plan::ServiceIs{"orders", true}, 30s, 5s, 0s, ""});
  plan.limits.push_back({plan::Limit::Kind::keep, "orders_db", "1 healthy", 1, {"pg-1"}, {}});
  plan.limits.back().by = "the drill";
  Story s{plan};
  s.at(1'000).say(kinds::kGuardrailCounted, counted(1, true), "ok");
  s.say(kinds::kGuardrailHolds, told("payments", "up"), "yes");
  s.say(kinds::kGuardrailHolds, told("the flag", "up"), "yes");
  s.at(40'000).say(kinds::kGuardrailFails, told("the flag", "http://10.0.0.9 is down", 38'000),
                   "no");
  s.at(68'000).say(kinds::kGuardrailFired, told("the flag", "http://10.0.0.9 is down", 38'000),
                   "no");
  if (refused) s.say(kinds::kGuardrailCounted, counted(0, false), "refused");
  return s.record();
}

const report::Guardrail& one(const report::Summary& s, const std::string& name) {
  const auto it = std::find_if(s.guardrails.begin(), s.guardrails.end(),
                               [&](const auto& g) { return g.name == name; });
  REQUIRE(it != s.guardrails.end());
  return *it;
}

}  // namespace

TEST_CASE("each guardrail is told with what it said", "[guardrails]") {
  const auto s = report::summarise(a_stopped_run());
  REQUIRE(s.guardrails.size() == 4);
  CHECK(one(s, "payments").kept == std::optional{true});
  CHECK(one(s, "payments").said == "held to the end");
  CHECK(one(s, "the flag").kept == std::optional{false});
  CHECK(one(s, "the flag").stopped);
  CHECK(one(s, "the flag").said == "did not hold since 00:38.0; the drill was stopped");
  CHECK(one(s, "the flag").evidence == "http://10.0.0.9 is down");
  CHECK_FALSE(one(s, "late").asked);
  CHECK(one(s, "late").said == "was not asked");
  const auto& keep = one(s, "keep of orders_db: 1 healthy");
  CHECK(keep.demands == "at least 1 of 1 healthy; demanded by the drill");
  CHECK(keep.said == "counted 1 time; the fewest 1");
  CHECK(keep.kept == std::optional{true});
  const auto refused = report::summarise(a_stopped_run(true));
  CHECK(one(refused, "keep of orders_db: 1 healthy").said ==
        "counted 2 times; the fewest 0; an effect was refused");
  CHECK(one(refused, "keep of orders_db: 1 healthy").kept == std::optional{false});
}

TEST_CASE("events, deviations, page and JSON tell what stopped the drill", "[guardrails]") {
  const auto record = a_stopped_run(true);
  const auto s = report::summarise(record);
  std::string events, deviations;
  for (const auto& e : s.events) events += e.text + "\n";
  for (const auto& d : s.deviations) deviations += d + "\n";
  CHECK(events.find("guardrail payments holds\n") != std::string::npos);
  CHECK(events.find("guardrail the flag DOES NOT HOLD: http://10.0.0.9 is down\n") !=
        std::string::npos);
  CHECK(events.find("guardrail the flag did not hold for too long: THE DRILL IS STOPPED") !=
        std::string::npos);
  CHECK(events.find("the guardrails REFUSE the drill") != std::string::npos);
  CHECK(deviations.find("the guardrail the flag did not hold, and stopped the drill\n") !=
        std::string::npos);
  CHECK(deviations.find("a guardrail refused an effect") != std::string::npos);
  CHECK(report::html_text(s, record).find("<section id=\"guardrails\"") != std::string::npos);
  const auto json = Json::parse(report::json_text(s));
  REQUIRE(json.at("guardrails").size() == 4);
  CHECK(json.at("guardrails")[1].at("kept") == false);
  CHECK_FALSE(json.at("guardrails")[2].contains("kept"));
  // A plan without any has no section and no key.
  const auto bare = report::summarise(a_pass());
  CHECK(report::html_text(bare, a_pass()).find("id=\"guardrails\"") == std::string::npos);
  CHECK_FALSE(Json::parse(report::json_text(bare)).contains("guardrails"));
}

TEST_CASE("other editions tell of guardrails, and no address, host or evidence", "[guardrails]") {
  for (const auto edition : {report::Edition::participant, report::Edition::redacted}) {
    const auto record = report::for_edition(a_stopped_run(true), edition);
    REQUIRE(record);
    const auto s = report::summarise(*record);
    REQUIRE(s.guardrails.size() == 4);
    CHECK(one(s, "the flag").said == "did not hold since 00:38.0; the drill was stopped");
    const auto all = report::html_text(s, *record) + report::json_text(s);
    CHECK(all.find("10.0.0.9") == std::string::npos);
    CHECK(all.find("10.0.0.7") == std::string::npos);
    if (edition == report::Edition::redacted) CHECK(all.find("pg-1") == std::string::npos);
  }
}

TEST_CASE("the live view shows what does not hold, and for how long", "[guardrails]") {
  const auto record = a_stopped_run();
  report::Live live{record.plan};
  report::Screen screen;
  screen.columns = 90;
  const auto shown = [&](int ms) {
    std::string all;
    for (const auto& line : live.block(Story::instant_at(ms), Story::wall_at(ms), screen))
      all += line + "\n";
    return all;
  };
  for (const auto& e : record.entries) {
    if (e.action == kinds::kGuardrailFired) continue;
    journal::Draft d;
    d.at = e.at;
    d.action = e.action;
    d.outcome = e.outcome;
    d.data = e.data;
    live.seen(d);
    if (e.action == kinds::kGuardrailHolds)
      CHECK(shown(2'000).find("guardrail") == std::string::npos);
  }
  CHECK(shown(50'000).find("✗ guardrail the flag does not hold  0:12 of 30 s") !=
        std::string::npos);
}
