// What people ask of the live run: steps, roles, notes, and what waits for whom.
#include "engine/people.hpp"
#include "api/waiting.hpp"
#include "world.hpp"

namespace muster::api {
namespace {

using test::contains;
using test::kRun;
using test::World;
using What = engine::Request::What;
using namespace std::chrono_literals;

TEST_CASE("what a person does to a step reaches the run, word for word") {
  struct Row {
    const char* word;
    What what;
  };
  World world;
  for (const auto& row :
       {Row{"ack", What::acknowledge}, Row{"answer", What::answer}, Row{"done", What::done},
        Row{"skip", What::skip_step}, Row{"fail", What::fail_step}}) {
    INFO(row.word);
    world.asked.clear();
    const auto answer = world.ask("POST", step_target(kRun, "choose", row.word),
                                  {{"reason", "ana is asleep"}, {"as_stand_in", true}});
    CHECK(answer.status == 202);
    REQUIRE(world.asked.size() == 1);
    const auto& request = world.asked[0];
    CHECK(request.what == row.what);
    CHECK(request.step == "choose");
    CHECK(request.reason == "ana is asleep");
    CHECK(request.as_stand_in);
    CHECK(request.actor.principal == "unix:ana");
  }
}

TEST_CASE("a note reaches the run, with who did it and when") {
  World world;
  const auto answer = world.ask("POST", notes_target(kRun),
                                {{"text", "restarted\nthe proxy"},
                                 {"step", "choose"},
                                 {"who", "Bo"},
                                 {"at", "-3m"},
                                 {"corrects", 7}});
  CHECK(answer.status == 202);
  REQUIRE(world.asked.size() == 1);
  const auto& note = world.asked[0];
  CHECK(note.what == What::note);
  CHECK(note.text == "restarted\nthe proxy");
  CHECK(note.step == "choose");
  CHECK(note.who == "Bo");
  CHECK(note.ago == Duration{3min});
  CHECK_FALSE(note.then);
  CHECK(note.corrects == 7u);

  world.ask("POST", notes_target(kRun), {{"text", "x"}, {"at", "2026-11-22T21:15:05Z"}});
  REQUIRE(world.asked.size() == 2);
  CHECK_FALSE(world.asked[1].ago);
  REQUIRE(world.asked[1].then);
  CHECK(format_utc(*world.asked[1].then) == "2026-11-22T21:15:05.000000Z");
  CHECK_FALSE(world.asked[1].corrects);
}

TEST_CASE("a role is taken, or handed to somebody") {
  World world;
  CHECK(world.ask("POST", role_target(kRun, "dba", "take"), {{"reason", "chen is gone"}}).status ==
        202);
  CHECK(world.ask("POST", role_target(kRun, "dba", "hand"), {{"to", "dee"}}).status == 202);
  REQUIRE(world.asked.size() == 2);
  CHECK(world.asked[0].what == What::take_role);
  CHECK(world.asked[0].role == "dba");
  CHECK(world.asked[0].reason == "chen is gone");
  CHECK(world.asked[1].what == What::hand_role);
  CHECK(world.asked[1].to == "dee");
}

TEST_CASE("what waits for whom is told of the live run only") {
  World world;
  const auto answer = world.ask("GET", people_target(kRun));
  CHECK(answer.status == 200);
  CHECK(test::json(answer) == world.people);
  CHECK(world.ask("GET", people_target("another")).status == 409);
  CHECK(world.ask("GET", people_target(kRun) + "?x=1").status == 400);
}

TEST_CASE("what people send wrongly is refused and reaches nobody") {
  World world;
  const std::string notes = notes_target(kRun), hand = role_target(kRun, "dba", "hand"),
                    ack = step_target(kRun, "x", "ack"), skip = step_target(kRun, "x", "skip");
  struct Row {
    std::string target;
    Json body;
    std::string says;
  };
  const std::vector<Row> table{
      {skip, Json::object(), "'reason' is needed"},
      {skip, {{"reason", std::string(2'001, 'x')}}, "2000 are the most"},
      {ack, {{"reason", "\x1b[2J"}}, "control characters"},
      {ack, {{"as_stand_in", "yes"}}, "true or false"},
      {ack, {{"as_stand_in", nullptr}}, "leave it out"},
      {ack, {{"person", "chen"}}, "unknown field 'person'"},  // who asks is not for them to say
      {ack, {{"answers", Json::object()}}, "unknown field 'answers'"},
      {notes, {{"text", std::string(4'097, 'x')}}, "4096 are the most"},
      {notes, {{"text", "a\x07"}}, "control characters"},
      {notes, {{"text", "x"}, {"who", std::string(201, 'x')}}, "200 are the most"},
      {notes, {{"text", "x"}, {"at", "3m"}}, "so long ago"},
      {notes, {{"text", "x"}, {"at", "-3"}}, "'at'"},
      {notes, {{"text", "x"}, {"at", "yesterday"}}, "so long ago"},
      {notes, {{"text", "x"}, {"corrects", -1}}, "whole number"},
      {notes, {{"text", "x"}, {"corrects", "1"}}, "whole number"},
      {notes, {{"text", "x"}, {"corrects", std::uint64_t{1} << 53}}, "whole number"},
      {hand, Json::object(), "'to' is needed"},
      {hand, {{"to", 1}}, "must be a text"},
  };
  for (const auto& row : table) {
    INFO(row.target << " " << row.body.dump().substr(0, 100));
    const auto response = world.ask("POST", row.target, row.body);
    CHECK(response.status == 400);
    CHECK(contains(response.body, row.says));
  }
  CHECK(world.asked.empty());
}

/// A step that was asked of chen, then of dee.
journal::RunState waiting_state() {
  journal::RunState state;
  journal::StepState step;
  step.id = "choice";
  step.status = journal::StepStatus::asked;
  step.role = "dba";
  step.say = "Where to?";
  step.asked_of = "dee";
  step.escalated_from = "chen";
  step.asked_wall = wall_time(1'795'382'105'000'000'000);
  step.answer_by = *step.asked_wall + 5min;
  step.acts = {{4, "ack", {{"unix:dee", "peer", "os-user", ""}, "dee", "deputy", ""}, "", {}, {}}};
  state.steps["choice"] = step;
  return state;
}

TEST_CASE("what waits for whom, since when, until when, and who has seen it") {
  plan::Plan plan;
  plan.roles = {{"dba", "chen", "dee"}};
  plan.people = {{"chen", "Chen Li", "chen", false, "", {}}};
  plan::Step step;
  step.id = "choice";
  step.name = "Choose";
  step.action = plan::Ask{"dba", "Where to?", {}, plan::Late::escalate, ""};
  plan.steps = {step};
  const Json people = people_of(plan, waiting_state());
  REQUIRE(people.at("waiting").size() == 1);
  const Json& w = people.at("waiting")[0];
  CHECK(w.at("asked") == "dee");
  CHECK(w.at("holder") == "chen");
  CHECK(w.at("escalated_from") == "chen");
  CHECK(w.at("late") == "fail");  // nobody is asked a third time
  CHECK(w.at("since") == "2026-11-22T21:15:05.000000Z");
  CHECK(w.at("until") == "2026-11-22T21:20:05.000000Z");
  REQUIRE(w.at("acknowledged").size() == 1);
  CHECK(w.at("acknowledged")[0].at("as") == "deputy");
  CHECK(people.at("roles")[0].at("holder") == "chen");
  CHECK(people.at("people")[0].at("name") == "Chen Li");

  auto state = waiting_state();
  state.steps["choice"].status = journal::StepStatus::passed;
  CHECK(people_of(plan, state).at("waiting").empty());
}

TEST_CASE("a token is whose it is, and a service's is nobody's") {
  plan::Plan plan;
  plan.people = {{"chen", "Chen Li", "chen", false, "", {}}, {"dee", "Dee", "", false, "", {}}};
  const engine::Asked of_chen{"dba", {"chen", ""}, "chen"}, of_dee{"dba", {"dee", ""}, "dee"};
  struct Row {
    std::string principal, on_behalf_of;
    const engine::Asked& asked;
    bool stands_in;
    std::string as;  // "": refused
  };
  const std::vector<Row> table{
      {"token:laptop", "person:chen", of_chen, false, "holder"},
      {"token:laptop", "person:dee", of_dee, false, "holder"},
      {"token:laptop", "person:dee", of_chen, false, ""},
      {"token:laptop", "person:dee", of_chen, true, "stand_in"},
      // Nobody can recognise dee by a login; whose the token is, is known all the same.
      {"token:laptop", "person:chen", of_dee, false, ""},
      {"token:laptop", "person:zoe", of_dee, false, ""},
      {"token:ci", "", of_dee, false, ""},
      {"token:chen", "", of_chen, false, ""},
      {"unix:chen", "person:dee", of_dee, false, ""},
      {"unix:zoe", "person:dee", of_dee, false, "not_checked"},
  };
  for (const auto& row : table) {
    INFO(row.principal << " " << row.on_behalf_of << " for " << row.asked.person);
    engine::Request request;
    request.actor = {row.principal, "token", "bearer", row.on_behalf_of};
    request.as_stand_in = row.stands_in;
    request.reason = "on call";
    const auto leave = engine::leave_for(plan, row.asked, request);
    CHECK(leave.refused.empty() == !row.as.empty());
    if (!row.as.empty()) CHECK(leave.by.as == row.as);
  }
}

}  // namespace
}  // namespace muster::api
