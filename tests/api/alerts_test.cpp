// What monitoring and people say reaches the run, and only in a form that is theirs.
#include "world.hpp"

namespace muster::api {
namespace {

using test::contains;
using test::kRun;
using test::World;
using What = engine::Request::What;
using namespace std::chrono_literals;

Json a_payload() {
  return {
      {"version", "4"},
      {"alerts",
       {{{"status", "firing"}, {"labels", {{"alertname", "OrdersDown"}}}, {"fingerprint", "f"}}}}};
}

TEST_CASE("an alert reaches the run that goes on, with who handed it over") {
  World world;
  const auto answer = world.ask("POST", "/v1/alerts/alertmanager", a_payload());
  CHECK(answer.status == 202);
  CHECK(test::json(answer).at("taken") == Json::array({kRun}));
  REQUIRE(world.asked.size() == 1);
  CHECK(world.asked[0].what == What::alerts);
  CHECK(world.asked[0].actor.principal == "unix:ana");
  REQUIRE(world.asked[0].alerts.size() == 1);
  CHECK(world.asked[0].alerts[0].name == "OrdersDown");
  world.refusal = "this run holds 200 alerts, which is the most";
  const auto refused = test::json(world.ask("POST", "/v1/alerts/alertmanager", a_payload()));
  CHECK(refused.at("taken").empty());
  CHECK(refused.at("refused").at(kRun) == world.refusal);
}

TEST_CASE("a payload of another form is refused, and never reaches a run") {
  World world;
  for (const auto* target : {"/v1/alerts/alertmanager", "/v1/alerts/pagerduty"})
    for (const Json& body : {Json(nullptr), Json::array(), Json{{"version", "5"}}, Json("x")}) {
      const auto answer = world.ask("POST", target, body);
      CHECK(answer.status == 400);
      CHECK(contains(answer.body, "this is not what"));
    }
  CHECK(world.ask("GET", "/v1/alerts/alertmanager").status == 405);
  CHECK(world.asked.empty());
}

TEST_CASE("a person says that they noticed it, how and when") {
  World world;
  CHECK(world
            .ask("POST", detected_target(kRun),
                 {{"alert", "OrdersDown"}, {"text", "the pager"}, {"at", "-3m"}})
            .status == 202);
  REQUIRE(world.asked.size() == 1);
  CHECK(world.asked[0].what == What::detected);
  CHECK(world.asked[0].alerts.at(0).name == "OrdersDown");
  CHECK(world.asked[0].text == "the pager");
  CHECK(world.asked[0].ago == Duration{3min});
  CHECK(world.ask("POST", detected_target(kRun), Json::object()).status == 202);
  CHECK(world.asked[1].alerts.empty());
  CHECK(world.ask("POST", detected_target(kRun), {{"alarm", "x"}}).status == 400);
}

}  // namespace
}  // namespace muster::api
