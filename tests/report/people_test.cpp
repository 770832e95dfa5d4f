// What people did in a run: who was asked, who stood in, roles that changed hands, notes.
#include <algorithm>

#include "journal/kinds.hpp"
#include "plans.hpp"
#include "report/events.hpp"
#include "report/html.hpp"
#include "report/json.hpp"
#include "report/summary.hpp"
#include "story.hpp"
#include "tests/catch.hpp"

using namespace muster;
using namespace muster::test;
namespace kinds = journal::kinds;

namespace {

/// chen is silent, dee sees it, eva takes the role over, and a stranger answers in the end.
report::Record a_run_of_people() {
  auto plan = primary_loss();
  plan.people = {{"chen", "Chen Li", "chen", true, "Asia/Shanghai", {"dba"}},
                 {"dee", "Dee Novak", "", false, "", {}}};
  Story s{plan};
  s.say(kinds::kRoleAssumed,
        Json{{"role", "dba"}, {"holder", "chen"}, {"deputy", "dee"}, {"how", "planned"}});
  const auto ask = [&](const char* person, const char* from) {
    Json data{
        {"role", "dba"}, {"person", person}, {"say", "Where to?"}, {"answers", Json::array()}};
    if (*from) data["escalated_from"] = from;
    s.step("decide", kinds::kStepAsked, data);
  };
  s.at(1'000).step("decide", kinds::kStepStarted, Json{{"word", "ask"}, {"no_return", false}});
  ask("chen", "");
  s.at(301'000);
  ask("dee", "chen");
  s.at(302'000).person("unix:root", "decide", kinds::kRequest,
                       Json{{"what", "ack"},
                            {"as", "not_checked"},
                            {"not_checked", "dee has no unix user in people.yaml"}});
  s.at(310'000).person("unix:eva", "", kinds::kRoleAssumed,
                       Json{{"role", "dba"},
                            {"holder", "eva"},
                            {"deputy", "dee"},
                            {"before", "chen"},
                            {"how", "taken"},
                            {"reason", "chen is ill"},
                            {"person", "eva"},
                            {"as", "stand_in"}});
  s.at(320'000).person("unix:zoe", "decide", kinds::kRequest,
                       Json{{"what", "done"}, {"as", "stand_in"}, {"reason", "all are ill"}});
  s.person("unix:zoe", "decide", kinds::kStepAnswered,
           Json{{"answers", Json::object()}, {"as", "stand_in"}}, "ok");
  s.step("decide", kinds::kStepFinished, Json{{"mark", "decided"}}, "passed");
  s.at(330'000).person("unix:ana", "decide", kinds::kNote,
                       Json{{"text", "the bank was called"},
                            {"who", "Bo"},
                            {"happened", "2026-11-22T21:16:00.000000Z"},
                            {"person", "ana"}});
  s.person("unix:ana", "", kinds::kCorrection,
           Json{{"text", "it was the broker"}, {"corrects", 9}});
  return s.record();
}

bool any_holds(const std::vector<std::string>& all, const std::string& part) {
  return std::any_of(all.begin(), all.end(),
                     [&](const auto& t) { return t.find(part) != std::string::npos; });
}

}  // namespace

TEST_CASE("a role tells who held it from when on, and what it was asked") {
  const auto s = report::summarise(a_run_of_people());
  const auto& dba = s.roles.at(1);
  CHECK(dba.holder == "chen");  // as planned
  REQUIRE(dba.held.size() == 2);
  CHECK(dba.held[0].holder == "chen");
  CHECK(dba.held[1].holder == "eva");
  CHECK(dba.held[1].by.as == "stand_in");
  CHECK(any_holds(dba.acts, "chen was asked in step decide"));
  CHECK(any_holds(dba.acts, "dee was asked in step decide, since chen did not answer in time"));
  CHECK(any_holds(dba.acts,
                  "unix:root acknowledged step decide (known by peer, assurance os, not "
                  "checked: dee has no unix user in people.yaml)"));
  CHECK(any_holds(dba.acts,
                  "unix:zoe answered step decide (known by peer, assurance os, as stand-in)"));
  CHECK(s.steps.at(1).escalated);
  CHECK(s.people.size() == 2);
}

TEST_CASE("a stand-in and a handover are deviations, an acknowledgement is none") {
  const auto all = report::summarise(a_run_of_people()).deviations;
  CHECK(any_holds(all,
                  "unix:zoe stood in for who was asked in \"Choose the point to restore to\": all "
                  "are ill"));
  CHECK(any_holds(all, "the role dba went from chen to eva, taken by unix:eva: chen is ill"));
  CHECK_FALSE(any_holds(all, "acknowledge"));
  CHECK_FALSE(any_holds(all, "asked to"));
}

TEST_CASE("what people did stands in the JSON, with who they were and how that is known") {
  const auto json = parse_json(report::json_text(report::summarise(a_run_of_people())));
  REQUIRE(json);
  const Json& held = json->at("roles")[1].at("held");
  CHECK(held[0].at("renounced_ns") == held[1].at("assumed_ns"));
  CHECK_FALSE(held[1].contains("renounced_ns"));
  CHECK(held[1].at("reason") == "chen is ill");
  const Json& acts = json->at("steps")[1].at("acts");
  REQUIRE(acts.size() == 2);
  CHECK(acts[0].at("what") == "ack");
  CHECK(acts[0].at("not_checked") == "dee has no unix user in people.yaml");
  CHECK(acts[1].at("principal") == "unix:zoe");
  CHECK(acts[1].at("as") == "stand_in");
  CHECK_FALSE(acts[1].contains("person"));
  CHECK(json->at("steps")[1].at("escalated_from") == "chen");
  const Json& notes = json->at("notes");
  REQUIRE(notes.size() == 2);
  CHECK(notes[0].at("who") == "Bo");
  CHECK(notes[0].at("principal") == "unix:ana");
  CHECK(notes[0].at("happened") == "2026-11-22T21:16:00.000000Z");
  CHECK(notes[1].at("corrects") == 9);
  CHECK(json->at("people")[0].at("unix") == "chen");
}

TEST_CASE("the lines of progress say who is needed, who has seen it, and who wrote what") {
  const auto events = report::summarise(a_run_of_people()).events;
  std::vector<std::string> lines;
  for (const auto& e : events) lines.push_back(e.text);
  CHECK(any_holds(lines, "dba is chen, deputy dee"));
  CHECK(any_holds(lines, "NEEDS dee (dba, deputy: chen did not answer in time) by"));
  CHECK(any_holds(lines, "Where to? -> muster step done decide"));
  CHECK(any_holds(lines,
                  "unix:root has seen it (not checked: dee has no unix user in people.yaml); the "
                  "clock goes on"));
  CHECK(any_holds(lines, "dba is eva, deputy dee; until now chen; taken by unix:eva: chen is ill"));
  CHECK(any_holds(lines, "unix:zoe answered (stand-in)"));
  CHECK(any_holds(lines, "note by unix:ana, of what Bo did at 21:16:00 UTC: the bank was called"));
  CHECK(any_holds(lines, "correction of entry 9 by unix:ana: it was the broker"));
}

TEST_CASE("the page's timeline shows notes where what they tell has happened") {
  const auto record = a_run_of_people();
  const auto page = report::html_text(report::summarise(record), record);
  const auto row = page.find("note: the bank was called", page.find("The timeline as a table"));
  REQUIRE(row != std::string::npos);
  // Written at 5:30 of a run that was opened at 21:15:05.483; it tells of 21:16:00.
  const auto cells = page.substr(row, 200);
  INFO(cells);
  CHECK(cells.find("00:54.517") != std::string::npos);
  CHECK(page.find("correction: it was the broker") != std::string::npos);
}

TEST_CASE("a correction that cites no earlier entry is no record") {
  journal::RunState state;
  journal::Entry e;
  e.action = kinds::kCorrection;
  e.data = Json{{"text", "x"}, {"corrects", 0}};
  CHECK_FALSE(journal::apply(state, e));
  e.data.erase("corrects");
  CHECK_FALSE(journal::apply(state, e));
}
