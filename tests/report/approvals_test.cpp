// Who let a plan be run, and who signed in the middle of it.
#include "journal/kinds.hpp"
#include "plans.hpp"
#include "report/edition.hpp"
#include "report/events.hpp"
#include "report/html.hpp"
#include "report/json.hpp"
#include "report/summary.hpp"
#include "report/terminal.hpp"
#include "story.hpp"
#include "tests/catch.hpp"

using namespace muster;
using namespace muster::test;
namespace kinds = journal::kinds;

namespace {

/// Bo and chen approved the plan; in its middle bo signs, and too few do.
report::Record a_run_with_signatures() {
  auto plan = primary_loss();
  plan.approvers = {{"bo", "Bo Berg", "bo", true, "", {"sre"}, "ssh-ed25519 AAAA", false}};
  plan.steps[1].action = plan::Approve{{"sre", "dba"}, 2, "the switch", plan::Late::escalate};
  plan.steps[1].name = "Management agrees";
  Story s{plan};
  s.at(1'000).step("decide", kinds::kStepStarted, Json{{"word", "approve"}, {"no_return", false}});
  const Json wanted{{"approve", {{"from", {"sre", "dba"}}, {"need", 2}}},
                    {"say", "the switch"},
                    {"answers", Json::array()}};
  s.step("decide", kinds::kStepAsked, wanted);
  s.at(2'000).person("person:bo", "decide", kinds::kRequest,
                     Json{{"what", "approve"},
                          {"person", "bo"},
                          {"signed", "what bo signed"},
                          {"signature", "SECRETLOOKING"}});
  auto again = wanted;
  again["again"] = true;
  s.at(301'000).step("decide", kinds::kStepAsked, again);
  s.at(601'000).step("decide", kinds::kStepFinished,
                     Json{{"why", "1 of 2 approved within 5m, asked twice: bo"}}, "failed");
  auto record = s.record();
  const Json approvals = Json::array({{{"person", "bo"},
                                       {"given", "2026-11-22T10:00:00.000000Z"},
                                       {"until", "2026-11-24T10:00:00.000000Z"},
                                       {"note", "CHG-4711"},
                                       {"signed", "text"}},
                                      {{"person", "chen"}}});
  record.entries.front().data["approvals"] = approvals;
  record.state.opened["approvals"] = approvals;
  return record;
}

bool holds(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

TEST_CASE("every output tells who approved the plan") {
  const auto record = a_run_with_signatures();
  const auto s = report::summarise(record);
  REQUIRE(s.approvals.size() == 2);
  CHECK(s.approvals[0].note == "CHG-4711");
  CHECK(holds(report::terminal_text(s, false), "Approved by bo, chen"));
  CHECK(holds(report::html_text(s, record), "<dt>Approved by</dt><dd>bo, chen</dd>"));
  const auto json = Json::parse(report::json_text(s));
  CHECK(json.at("approvals").at(0).at("until") == "2026-11-24T10:00:00.000000Z");
  CHECK(report::summarise(a_pass()).approvals.empty());
}

TEST_CASE("the signatures of a step: who signed, and that more were wanted") {
  const auto record = a_run_with_signatures();
  const auto s = report::summarise(record);
  std::string events, deviations;
  for (const auto& event : s.events) events += event.text + "\n";
  for (const auto& text : s.deviations) deviations += text + "\n";
  INFO(events);
  CHECK(holds(
      events,
      "NEEDS 2 to sign, of sre, dba by 21:20:06 UTC: the switch -> muster step approve decide"));
  CHECK(holds(events,
              "NEEDS 2 to sign, of sre, dba by 21:25:06 UTC, once more: too few have: the switch"));
  CHECK(holds(events, "\"Management agrees\": person:bo approves"));
  CHECK(holds(deviations,
              "\"Management agrees\" was asked for once more: too few had signed in time"));
  CHECK_FALSE(holds(deviations, "asked to approve"));
  CHECK(holds(s.steps.at(1).expected, "2 of sre, dba approve; else they are asked once more"));
}

TEST_CASE("outside nobody learns who approved, nor what they signed") {
  const auto edition = report::for_edition(a_run_with_signatures(), report::Edition::redacted);
  REQUIRE(edition);
  const auto s = report::summarise(*edition);
  REQUIRE(s.approvals.size() == 2);
  const auto all = report::json_text(s) + report::html_text(s, *edition);
  for (const auto* word : {"bo<", "\"bo\"", "CHG-4711", "SECRETLOOKING", "what bo signed"})
    CHECK_FALSE(holds(all, word));
}

}  // namespace
