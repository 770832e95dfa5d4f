// What is declared of the endpoints, who may ask them, and the document that is made of it.
#include "api/routes.hpp"

#include <fstream>
#include <set>
#include <sstream>

#include "api/answers.hpp"
#include "api/openapi.hpp"
#include "api/token.hpp"
#include "tests/api/world.hpp"

namespace muster::api {
namespace {

using test::contains;
using test::json;
using test::kRun;
using test::World;

/// A target that the pattern fits.
std::string target_of(const Route& route) {
  std::string out{route.pattern};
  const auto put = [&](const std::string& name, const std::string& value) {
    if (const auto at = out.find(name); at != std::string::npos)
      out.replace(at, name.size(), value);
  };
  put("{log}", "workspace");
  put("{sha256}", std::string(64, '0'));
  put("{commitment}", std::string(64, '0'));
  put("{run}", kRun);
  for (const char* name : {"{host}", "{role}", "{step}", "{drill}", "{token}"}) put(name, "x");
  return out;
}

/// A body, or a query, with every declared field.
Json body_of(const Route& route) {
  Json body = Json::object();
  for (const auto& field : route.takes) {
    const std::string name{field.name};
    switch (field.is) {
      case Field::Is::text:
        body[name] = name == "sha256"    ? std::string(64, 'a')
                     : name == "at"      ? "-3m"
                     : name == "expires" ? "2030-01-01T00:00:00Z"
                                         : "x";
        break;
      case Field::Is::flag:
        body[name] = true;
        break;
      case Field::Is::number:
        body[name] = 1;
        break;
      case Field::Is::texts:
        body[name] = {{"a", "b"}};
        break;
      case Field::Is::words:
        body[name] = {"read"};
        break;
    }
  }
  return body;
}

Response ask_in_full(World& world, const Principal& who, const Route& route) {
  const auto body = body_of(route);
  if (route.changes()) return world.ask_as(who, "POST", target_of(route), body);
  std::string query;
  for (const auto& [key, value] : body.items())
    query += (query.empty() ? "?" : "&") + key + "=" +
             (value.is_string() ? value.get<std::string>() : value.dump());
  return world.ask_as(who, "GET", target_of(route) + query);
}

TEST_CASE("every endpoint reads what it declares, and nothing else") {
  for (const auto& route : routes()) {
    INFO(route.method << " " << route.pattern);
    World world;
    world.host.scheduled = Json::object();
    const auto answer = ask_in_full(world, world.ana, route);
    CHECK(answer.status != 500);
    if (route.foreign()) continue;  // its own reader judges it
    // What is missing is told, and what nobody declared is refused: neither throws.
    const auto target = target_of(route);
    const auto empty =
        route.changes() ? world.ask("POST", target, Json::object()) : world.ask("GET", target);
    bool owes = false;
    for (const auto& field : route.takes) owes = owes || field.needed;
    CHECK((empty.status == 400) == owes);
    const auto odd = route.changes() ? world.ask("POST", target, {{"odd", "x"}})
                                     : world.ask("GET", target + "?odd=x");
    CHECK(odd.status == 400);
  }
}

TEST_CASE("a token may ask what its scopes say, and nothing more") {
  for (const auto& route : routes())
    for (const auto scope : {Scope::read, Scope::run, Scope::approve, Scope::admin}) {
      INFO(route.method << " " << route.pattern << " with " << name_of(scope));
      World world;
      world.host.scheduled = Json::object();
      Principal who;
      who.token = "ci";
      who.scopes = Scopes{};
      who.scopes.add(scope);
      const auto answer = ask_in_full(world, who, route);
      const bool makes_token = route.handle == make_token;  // nobody's but the machine's
      CHECK((answer.status == 403) == (scope != route.scope || makes_token));
      if (answer.status == 403) {
        CHECK(world.asked.empty());
        CHECK(world.host.told.empty());
        CHECK(world.host.noted.empty());
      }
      for (const auto& request : world.asked)
        CHECK(request.actor == journal::Actor{"token:ci", "token", "bearer", ""});
    }
}

TEST_CASE("what a person does in their own name needs the scope that no service has") {
  for (const auto& route : routes()) {
    const std::string pattern{route.pattern};
    if (contains(pattern, "/steps/") || contains(pattern, "/roles/"))
      CHECK(route.scope == Scope::approve);
    CHECK((route.scope == Scope::read || route.scope == Scope::admin || route.changes()));
  }
}

TEST_CASE("tokens are made, listed and revoked, and the record says by whom") {
  World world;
  const auto text = new_token_text();
  const Json wanted{{"name", "ci"},
                    {"sha256", hex(sha256(text))},
                    {"scopes", {"read", "run"}},
                    {"expires", "2030-01-01T00:00:00Z"}};
  CHECK(world.ask("POST", tokens_target(), wanted).status == 201);
  REQUIRE(world.host.noted.size() == 1);
  CHECK(world.host.noted[0].actor.principal == "unix:ana");
  CHECK_FALSE(contains(world.host.noted[0].data.dump(), text));
  CHECK(world.ask("POST", tokens_target(), wanted).status == 409);
  const auto list = json(world.ask("GET", tokens_target())).at("tokens");
  REQUIRE(list.size() == 1);
  CHECK(list[0].at("name") == "ci");
  CHECK(list[0].at("expires") == "2030-01-01T00:00:00.000000Z");
  CHECK_FALSE(contains(list.dump(), hex(sha256(text))));
  CHECK(world.ask("POST", revoke_target("other"), Json::object()).status == 404);
  CHECK(world.ask("POST", revoke_target("ci"), {{"reason", "lost"}}).status == 200);
  CHECK(world.host.noted[1].data == Json{{"name", "ci"}, {"reason", "lost"}});
  CHECK(world.ask("POST", revoke_target("ci"), Json::object()).status == 404);
  CHECK(json(world.ask("GET", tokens_target())).at("tokens")[0].at("revoked") == true);
}

TEST_CASE("tokens that may not be are refused") {
  World world;
  const Json good{{"name", "ci"}, {"sha256", std::string(64, 'a')}, {"scopes", {"read"}}};
  const auto with = [&](const char* key, Json value) {
    Json body = good;
    body[key] = std::move(value);
    return world.ask("POST", tokens_target(), body).status;
  };
  CHECK(with("name", "a b") == 400);
  CHECK(with("name", std::string(65, 'a')) == 400);
  CHECK(with("sha256", std::string(64, 'A')) == 400);
  CHECK(with("sha256", "mst_") == 400);
  CHECK(with("scopes", Json::array()) == 400);
  CHECK(with("scopes", {"all"}) == 400);
  CHECK(with("scopes", "read") == 400);
  CHECK(with("scopes", {"read", "approve"}) == 400);  // a service's
  CHECK(with("expires", "soon") == 400);
  CHECK(world.host.noted.empty());
}

TEST_CASE("events are asked for from a place, or from now on") {
  World world;
  world.disk->logs["run/" + kRun].entries = {"{\"n\":0}", "{\"n\":1}"};
  const auto ask = [&](const std::string& query, const std::string& last = "") {
    auto response = world.loop.answer<Response>([&](auto done) {
      world.api.handle({"GET", "/v1/events" + query, nullptr, last}, world.ana, std::move(done));
    });
    std::string heard = std::to_string(response.status);
    if (response.feed) response.feed->next([&](const std::string& piece) { heard += piece; });
    world.loop.drain();
    return heard;
  };
  const std::string of_run = "?run=" + kRun;
  CHECK(ask(of_run) == "200");
  CHECK(ask(of_run + "&from=1") == "200id: run/" + kRun + ":1\ndata: {\"n\":1}\n\n");
  CHECK(ask(of_run, "run/" + kRun + ":0") == "200id: run/" + kRun + ":1\ndata: {\"n\":1}\n\n");
  CHECK(ask(of_run + "&from=0", "run/" + kRun + ":1") == "200");
  CHECK(ask("?from=0") == "200");  // the workspace's log, which is empty
  CHECK(ask(of_run, "workspace:0") == "400");
  CHECK(ask("?from=x") == "400");
  CHECK(ask("?run=" + std::string(600, 'a')) == "400");
}

TEST_CASE("the document names every endpoint, its fields and who may ask") {
  const auto document = openapi_document("0.1.0");
  std::set<std::string> ids;
  for (const auto& route : routes()) {
    const std::string method = route.changes() ? "post" : "get";
    INFO(route.pattern);
    const auto& operation = document.at("paths").at(std::string{route.pattern}).at(method);
    CHECK(ids.insert(operation.at("operationId").get<std::string>()).second);
    CHECK(operation.at("x-scope") == name_of(route.scope));
    if (route.changes()) {
      const auto& schema =
          operation.at("requestBody").at("content").at("application/json").at("schema");
      if (route.foreign()) continue;
      CHECK(schema.at("properties").size() == route.takes.size() + 1);  // and its signature
      CHECK(schema.at("additionalProperties") == false);
    }
    CHECK(answer_named(route.answer).status < 300);
  }
  CHECK(json(World{}.ask("GET", "/v1/openapi.json")) == document);
}

TEST_CASE("the table of docs/api.md is made of the endpoints") {
  std::ifstream file{MUSTER_SOURCE_DIR "/docs/api.md"};
  std::stringstream text;
  text << file.rdbuf();
  INFO("muster schema openapi --markdown prints:\n" << endpoint_table());
  CHECK(contains(text.str(), endpoint_table()));
}

}  // namespace
}  // namespace muster::api
