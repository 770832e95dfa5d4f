// Payloads as Alertmanager and PagerDuty send them, and as somebody does who means harm.
#include "api/alert_payload.hpp"

#include <fstream>
#include <iterator>

#include "tests/catch.hpp"

namespace muster::api {
namespace {

Json example(const std::string& name) {
  std::ifstream file{std::string{MUSTER_SOURCE_DIR} + "/tests/api/data/" + name};
  const std::string text{std::istreambuf_iterator<char>{file}, {}};
  const auto json = parse_json(text);
  REQUIRE(json);
  return *json;
}

TEST_CASE("Alertmanager's payload: every alert with its labels, its own id and its own time") {
  const auto alerts = alerts_of_alertmanager(example("alertmanager.json"));
  REQUIRE(alerts);
  REQUIRE(alerts->size() == 2);
  const auto& down = alerts->at(0);
  CHECK(down.source == "alertmanager");
  CHECK(down.name == "OrdersDown");
  CHECK(down.id == "5ef77f1f8a3ecb8d");
  CHECK(down.firing);
  CHECK(down.labels.at("severity") == "page");
  REQUIRE(down.started);
  CHECK(format_utc(*down.started) == "2026-11-22T21:16:05.482787Z");
  CHECK_FALSE(alerts->at(1).firing);
  CHECK(format_utc(*alerts->at(1).started) == "2026-11-22T16:03:15.826000Z");
}

TEST_CASE("PagerDuty's payload: the incident, by its title, with service, urgency and priority") {
  auto body = example("pagerduty.json");
  auto alerts = alerts_of_pagerduty(body);
  REQUIRE(alerts);
  REQUIRE(alerts->size() == 1);
  const auto& one = alerts->front();
  CHECK(one.source == "pagerduty");
  CHECK(one.name == "Orders cannot be placed");
  CHECK(one.id == "PGR0VU2");
  CHECK(one.firing);
  CHECK(one.labels.at("service") == "Orders API");
  CHECK(one.labels.at("urgency") == "high");
  CHECK(one.labels.at("priority") == "P1");
  CHECK(format_utc(*one.started) == "2026-11-22T21:16:06.000000Z");
  body["event"]["data"]["status"] = "resolved";
  CHECK_FALSE(alerts_of_pagerduty(body)->front().firing);
  SECTION("an event of no incident arrives, and says nothing") {
    body["event"]["data"]["type"] = "incident_note";
    CHECK(alerts_of_pagerduty(body)->empty());
    body["event"]["resource_type"] = "pagey";
    body["event"]["event_type"] = "pagey.ping";
    CHECK(alerts_of_pagerduty(body)->empty());
  }
}

TEST_CASE("what is not of that form is refused, and says so") {
  const auto refused = [](const char* text) {
    const auto json = parse_json(text);
    REQUIRE(json);
    CAPTURE(text);
    CHECK_FALSE(alerts_of_alertmanager(*json));
    CHECK_FALSE(alerts_of_pagerduty(*json));
  };
  for (
      const auto* text :
      {"null", "[]", "5", "\"4\"", "{}", R"({"version": 4, "alerts": []})",
       R"({"version": "3", "alerts": []})", R"({"version": "4", "alerts": {}})",
       R"({"version": "4", "alerts": [5]})",
       R"({"version": "4", "alerts": [{"status": "firing"}]})",
       R"({"version": "4", "alerts": [{"status": "fire", "labels": {"alertname": "A"}}]})",
       R"({"version": "4", "alerts": [{"status": "firing", "labels": {"alertname": 5}}]})",
       R"({"version": "4", "alerts": [{"status": "firing", "labels": {"alertname": ""}}]})",
       R"({"version": "4", "alerts": [{"status": "firing", "labels": ["alertname"]}]})",
       R"({"event": []})", R"({"event": {"event_type": 1}})",
       R"({"event": {"event_type": "incident.triggered", "resource_type": "incident"}})",
       R"({"event": {"event_type": "x", "resource_type": "incident", "data": {"type": "incident"}}})"})
    refused(text);
}

TEST_CASE("sizes are bounded and texts are made printable") {
  Json alert{{"status", "firing"},
             {"labels", {{"alertname", "A\x1b[31m\n" + std::string(9000, 'x')}}}};
  Json body{{"version", "4"}, {"alerts", Json::array({alert})}};
  auto alerts = alerts_of_alertmanager(body);
  REQUIRE(alerts);
  CHECK(alerts->front().name.size() < 600);
  CHECK(alerts->front().name.find('\x1b') == std::string::npos);
  CHECK(alerts->front().name.find('\n') == std::string::npos);
  for (std::size_t i = 0; i <= AlertLimits::kLabelsMax; ++i)
    body["alerts"][0]["labels"]["l" + std::to_string(i)] = "v";
  CHECK_FALSE(alerts_of_alertmanager(body));
  body["alerts"] = Json::array();
  for (std::size_t i = 0; i <= AlertLimits::kAlertsMax; ++i)
    body["alerts"].push_back({{"status", "firing"}, {"labels", {{"alertname", "A"}}}});
  CHECK_FALSE(alerts_of_alertmanager(body));
  // A time that is none is no time, and no error: the alert still came.
  body["alerts"] = Json::array({alert});
  body["alerts"][0]["startsAt"] = "yesterday";
  CHECK_FALSE(alerts_of_alertmanager(body)->front().started);
}

}  // namespace
}  // namespace muster::api
