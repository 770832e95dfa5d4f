// What can be asked, and what is answered, without a socket: the simulated store and a live run
// that only writes down what it is asked.
#include "journal/person.hpp"
#include "world.hpp"

namespace muster::api {
namespace {

using test::contains;
using test::json;
using test::kRun;
using test::World;

TEST_CASE("status says which runs are under way") {
  World world;
  const auto answer = world.ask("GET", status_target());
  CHECK(answer.status == 200);
  CHECK(json(answer) == Json{{"version", "0.1.0"},
                             {"server", false},
                             {"runs", {{{"run", kRun}, {"drill", "orders-primary-loss"}}}}});
  world.host.runs.push_back("20261122-220000-000000");
  world.host.scheduled = Json::array();
  const auto server = json(world.ask("GET", status_target()));
  CHECK(server.at("server") == true);
  CHECK(server.at("runs").size() == 2);
  CHECK_FALSE(server.contains("lost"));
}

TEST_CASE("status says which runs ended and are not closed in the record") {
  World world;
  world.host.scheduled = Json::array();
  world.host.ended_open = {
      {"20261122-220000-000000", "nothing was begun: no room", false},
      {"20261122-230000-000000", "the record of this run is incomplete", true}};
  CHECK(json(world.ask("GET", status_target())).at("lost") ==
        Json{{{"run", "20261122-220000-000000"},
              {"begun", false},
              {"why", "nothing was begun: no room"}},
             {{"run", "20261122-230000-000000"},
              {"begun", true},
              {"why", "the record of this run is incomplete"}}});
}

TEST_CASE("a server's figures and health; another host has none") {
  World world;
  CHECK(world.ask("GET", "/healthz").body == "ok\n");
  CHECK(world.ask("GET", "/readyz").status == 503);
  CHECK(world.ask("GET", "/metrics").status == 409);
  world.host.scheduled = Json::array();
  CHECK(world.ask("GET", "/readyz").status == 200);
  const auto figures = world.ask("GET", "/metrics");
  CHECK(figures.status == 200);
  CHECK(figures.content_type == "text/plain; version=0.0.4; charset=utf-8");
  CHECK(figures.body == "muster_server_ready 1\n");
  world.host.not_ready = "runs that died are recovered first";
  const auto not_yet = world.ask("GET", "/readyz");
  CHECK(not_yet.status == 503);
  CHECK(not_yet.body == "runs that died are recovered first\n");
}

TEST_CASE("a server is told about drills, in the name of who asked") {
  using Told = DrillRequest::What;
  World world;
  CHECK(world.ask("POST", "/v1/drills/orders/start", Json::object()).status == 409);
  CHECK(world.ask("GET", "/v1/schedules").status == 409);
  world.host.scheduled = {{{"drill", "orders"}}};
  CHECK(json(world.ask("GET", "/v1/schedules")) == world.host.scheduled);
  const auto started = world.ask("POST", "/v1/drills/orders/start",
                                 {{"plan", "0123456789ab"}, {"allow_production", true}});
  CHECK(started.status == 202);
  CHECK(json(started) == Json{{"run", kRun}});
  CHECK(world.ask("POST", "/v1/drills/orders/hold", Json::object()).status == 400);  // why?
  CHECK(world.ask("POST", "/v1/drills/orders/hold", {{"reason", "audit"}}).status == 202);
  CHECK(world.ask("POST", "/v1/drills/orders/resume", Json::object()).status == 202);
  REQUIRE(world.host.told.size() == 3);
  CHECK((world.host.told[0].what == Told::start && world.host.told[0].allow_production));
  CHECK(world.host.told[0].plan == "0123456789ab");
  CHECK((world.host.told[1].what == Told::hold && world.host.told[1].reason == "audit"));
  CHECK((world.host.told[2].what == Told::resume && world.host.told[2].drill == "orders"));
  CHECK(world.host.told[2].actor.principal == "unix:ana");
  world.refusal = "it is running already";
  CHECK(contains(world.ask("POST", "/v1/drills/orders/start", Json::object()).body, "already"));
}

TEST_CASE("a server is asked for the times of its drills") {
  World world;
  CHECK(world.ask("GET", drills_target("")).status == 409);
  CHECK(world.ask("GET", times_target("orders", "", 5)).status == 409);
  world.host.scheduled = Json::array();
  const std::string at = "2027-01-01T00:00:00Z", utc = "2027-01-01T00:00:00.000000Z";
  const auto all = json(world.ask("GET", drills_target(at)));
  CHECK(all.at("drills").at(0).at("at") == utc);
  const auto one = json(world.ask("GET", times_target("a drill", at, 1'000)));
  CHECK(one == Json{{"drill", "a drill"}, {"at", utc}, {"count", 1'000}});
  CHECK(json(world.ask("GET", "/v1/drills/orders/times")).at("count") == 5);
  CHECK(world.ask("GET", times_target("orders", "", 1'001)).status == 400);
  CHECK(world.ask("GET", times_target("orders", "soon", 5)).status == 400);
  CHECK(world.ask("GET", times_target("nothing", "", 5)).status == 404);
}

TEST_CASE("entries are answered byte for byte, page by page") {
  World world;
  const std::vector<std::string> stored{
      R"({"data":{"say":"ü \n \" \\"}})", {"\xff\0\x80", 3}, "{}"};
  world.disk->logs["run/" + kRun].entries = stored;

  const auto tip = json(world.ask("GET", tip_target("run/" + kRun)));
  CHECK(tip.at("size") == 3);
  CHECK(tip.at("last") == hex(ports::leaf_hash("{}")));

  std::vector<std::string> read;
  for (;;) {  // a page of one byte holds one entry
    const auto page = json(world.ask("GET", entries_target("run/" + kRun, read.size(), 1)));
    if (page.at("entries").empty()) break;
    REQUIRE(page.at("entries").size() == 1);
    CHECK(page.at("entries")[0].at("seq") == read.size());
    read.push_back(from_base64(page.at("entries")[0].at("entry").get<std::string>()).value());
  }
  CHECK(read == stored);
  CHECK(json(world.ask("GET", "/v1/logs/workspace/entries")).at("entries").empty());
}

TEST_CASE("a page is bounded whatever is asked for") {
  World world;
  world.disk->logs["workspace"].entries.assign(40, std::string(60'000, 'x'));
  const auto page = json(world.ask("GET", entries_target("workspace", 0, 1u << 30)));
  CHECK(page.at("entries").size() == Limits::kPageBytesMax / 60'000);
}

TEST_CASE("a blob is its bytes") {
  World world;
  const std::string bytes{"a\0\xff", 3};
  world.disk->blobs[sha256(bytes)] = bytes;
  const auto answer = world.ask("GET", blob_target(sha256(bytes)));
  CHECK(answer.status == 200);
  CHECK(answer.content_type == "application/octet-stream");
  CHECK(answer.body == bytes);
  CHECK(world.ask("GET", blob_target(sha256("other"))).status == 404);
}

TEST_CASE("a person is what the row says, to be checked by who asks") {
  World world;
  const journal::Person ana{sha256("salt"), "unix:ana", false};
  const auto row = journal::person_row(ana);
  world.disk->rows[row.key] = row.value;
  const auto target = person_target(hex(journal::commitment_of(ana)));
  const auto answer = json(world.ask("GET", target));
  CHECK(answer == Json{{"salt", hex(ana.salt)}, {"value", "unix:ana"}});
  world.disk->rows.clear();
  CHECK(world.ask("GET", target).status == 404);
}

TEST_CASE("the live run is asked, in the name of who asked") {
  World world;
  using Asked = engine::Request::What;
  struct Row {
    std::string target;
    Json body;
    Asked what;
    std::string step, reason;
    std::map<std::string, std::string> answers;
  };
  const std::vector<Row> table{
      {abort_target(kRun),
       {{"reason", "a real\nincident"}},
       Asked::abort,
       "",
       "a real\nincident",
       {}},
      {abort_target(kRun), Json::object(), Asked::abort, "", "", {}},
      {step_target(kRun, "choose", "answer"),
       {{"answers", {{"recover_to", "latest"}}}},
       Asked::answer,
       "choose",
       "",
       {{"recover_to", "latest"}}},
      {step_target(kRun, "choose", "answer"), Json::object(), Asked::answer, "choose", "", {}},
      {step_target(kRun, "a/b c", "fail"),
       {{"reason", "no key"}},
       Asked::fail_step,
       "a/b c",
       "no key",
       {}},
  };
  for (const auto& row : table) {
    INFO(row.target << " " << row.body.dump());
    world.asked.clear();
    const auto answer = world.ask("POST", row.target, row.body);
    CHECK(answer.status == 202);
    REQUIRE(world.asked.size() == 1);
    const auto& request = world.asked[0];
    CHECK(request.what == row.what);
    CHECK(request.step == row.step);
    CHECK(request.reason == row.reason);
    CHECK(request.answers == row.answers);
    CHECK(request.actor == journal::Actor{"unix:ana", "peer", "os-user", ""});
  }
}

TEST_CASE("who logged in is recorded, also through sudo") {
  CHECK(actor_of({0, "root", "bo", 1}) ==
        journal::Actor{"unix:bo", "peer-loginuid", "os-user", ""});
  CHECK(actor_of({0, "root", "", 1}) == journal::Actor{"unix:root", "peer", "os-user", ""});
}

TEST_CASE("what the run does not take is told") {
  World world;
  world.refusal = "step 'x' is not waiting for anybody";
  const auto answer = world.ask("POST", step_target(kRun, "x", "answer"), Json::object());
  CHECK(answer.status == 409);
  CHECK(json_of(answer).error().what == world.refusal);
}

TEST_CASE("what is wrong is refused and reaches nobody") {
  World world;
  const std::string abort = abort_target(kRun), answer = step_target(kRun, "x", "answer");
  Json many = Json::object();
  for (int i = 0; i < 65; ++i) many["a" + std::to_string(i)] = "";
  struct Row {
    std::string method, target;
    Json body;
    int status;
    std::string says;
  };
  const std::vector<Row> table{
      {"GET", "/", nullptr, 400, "printable ASCII"},
      {"GET", "v1/status", nullptr, 400, "printable ASCII"},
      {"GET", "/v1/logs/%zz/tip", nullptr, 400, "printable ASCII"},
      {"GET", "/v1/logs/%0", nullptr, 400, "printable ASCII"},
      {"GET", "/v1/logs/%00/tip", nullptr, 400, "printable ASCII"},
      {"GET", "/v1/logs//tip", nullptr, 400, "printable ASCII"},
      {"GET", "/v1/" + std::string(3000, 'a'), nullptr, 414, "2048"},
      {"GET", "/v2/status", nullptr, 404, "/v2/status"},
      {"GET", "/v1/logs/run/x/tip", nullptr, 404, "there is no"},
      {"GET", "/v1/logs/secrets/tip", nullptr, 404, "name of a log"},
      {"GET", "/v1/logs/run%2F/tip", nullptr, 404, "name of a log"},
      {"GET", "/v1/status?x=1", nullptr, 400, "'x'"},
      {"GET", "/v1/status?x", nullptr, 400, "printable ASCII"},
      {"GET", "/v1/status", Json::object(), 400, "no body"},
      {"GET", "/v1/logs/workspace/entries?from=-1", nullptr, 400, "a whole number"},
      {"GET", "/v1/logs/workspace/entries?from=", nullptr, 400, "a whole number"},
      {"GET", "/v1/logs/workspace/entries?from=9007199254740992", nullptr, 400, "a whole number"},
      {"GET", "/v1/logs/workspace/entries?from=1&from=2", nullptr, 400, "printable ASCII"},
      {"GET", "/v1/logs/workspace/entries?fron=1", nullptr, 400, "'fron'"},
      {"GET", "/v1/blobs/..", nullptr, 400, "64 lower-case"},
      {"GET", "/v1/persons/ana", nullptr, 400, "64 lower-case"},
      {"GET", "/v1/persons/" + std::string(64, 'a'), nullptr, 404, "they were erased"},
      {"DELETE", "/v1/status", nullptr, 405, "use GET"},
      {"GET", abort, nullptr, 405, "use POST"},
      {"POST", abort_target("another"), Json::object(), 409, kRun},
      {"POST", abort, nullptr, 400, "JSON object"},
      {"POST", abort, "stop", 400, "JSON object"},
      {"POST", abort, {{"reason", 1}}, 400, "'reason' must be a text"},
      {"POST", abort, {{"reson", "x"}}, 400, "unknown field 'reson'"},
      {"POST", abort, {{"reason", "\x1b[2J"}}, 400, "control characters"},
      {"POST", abort, {{"reason", std::string(16'001, 'x')}}, 400, "16000 bytes"},
      {"POST", abort + "?reason=x", Json::object(), 400, "in the body"},
      {"POST", answer, {{"answers", {1}}}, 400, "object of at most 64"},
      {"POST", answer, {{"answers", many}}, 400, "object of at most 64"},
      {"POST", answer, {{"answers", {{"a", true}}}}, 400, "'answers.a' must be a text"},
      {"POST", answer, {{"answers", {{"a\x01", "b"}}}}, 400, "control characters"},
      {"POST", step_target(kRun, "x", "fail"), Json::object(), 400, "'reason' is needed"},
  };
  for (const auto& row : table) {
    INFO(row.method << " " << row.target.substr(0, 100) << " " << row.body.dump().substr(0, 100));
    const auto response = world.ask(row.method, row.target, row.body);
    CHECK(response.status == row.status);
    const auto error = json_of(response);
    REQUIRE(error.has_error());
    CHECK(contains(to_string(error.error()), row.says));
  }
  CHECK(world.asked.empty());
  CHECK(world.ask("GET", abort).allow == "POST");
}

TEST_CASE("the store's own errors are passed on, also when they are no UTF-8") {
  CHECK(json_of(error_response(500, Error{"the file 'a\xff' is damaged", "copy it"})).error() ==
        Error{"the file 'a\xEF\xBF\xBD' is damaged", "copy it"});
}

}  // namespace
}  // namespace muster::api
