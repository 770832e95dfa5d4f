// Tokens: what the record keeps of them, and who is let in.
#include "api/token.hpp"

#include "journal/kinds.hpp"
#include "tests/catch.hpp"

namespace muster::api {
namespace {

namespace kinds = journal::kinds;
using std::chrono::hours;

const WallTime kMade = parse_utc("2026-11-27T12:00:00Z").value();

Token token_of(const std::string& text) {
  Token token;
  token.name = "ci";
  token.digest = sha256(text);
  token.scopes = Scopes::parse("read,run").value();
  return token;
}

journal::Entry entry(std::string_view action, Json data) {
  journal::Entry e;
  e.action = std::string{action};
  e.actor.principal = "unix:ana";
  e.data = std::move(data);
  return e;
}

TEST_CASE("a token is 256 random bits that say what they are") {
  const auto one = new_token_text(), other = new_token_text();
  CHECK(one.size() == 68);
  CHECK(looks_like_token(one));
  CHECK(one != other);
  for (const std::string& wrong : {one.substr(1), one + "0", one.substr(0, 67), std::string{},
                                   "mst_" + std::string(64, 'G'), " " + one})
    CHECK_FALSE(looks_like_token(wrong));
}

TEST_CASE("scopes are read and written") {
  CHECK(Scopes::parse("approve,read").value().names() ==
        std::vector<std::string>{"read", "approve"});
  CHECK(Scopes::parse("admin").value().has(Scope::admin));
  CHECK_FALSE(Scopes::parse("admin").value().has(Scope::read));
  for (const auto* wrong : {"", "write", "read,,run", "read,read", "Read", "read "})
    CHECK(Scopes::parse(wrong).has_error());
}

TEST_CASE("what may be made") {
  struct Row {
    std::string name, scopes, person, problem;
  };
  const std::vector<Row> table{
      {"ci", "read,run", "", ""},
      {"ci-1.b_c", "read,run,approve,admin", "ana", ""},
      {"ci", "read,approve", "", "a service approves nothing"},
      {"", "read", "", "a token's name"},
      {"a b", "read", "", "a token's name"},
      {"a/b", "read", "", "a token's name"},
      {"-a", "read", "", "a token's name"},
      {std::string(65, 'a'), "read", "", "a token's name"},
      {"ci", "", "", "needs a scope"},
  };
  for (const auto& row : table) {
    Token token;
    token.name = row.name;
    if (!row.scopes.empty()) token.scopes = Scopes::parse(row.scopes).value();
    token.person = row.person;
    INFO(row.name << " " << row.scopes);
    const auto problem = problem_of(token);
    CHECK(problem.empty() == row.problem.empty());
    CHECK(problem.find(row.problem) != std::string::npos);
  }
}

TEST_CASE("the record tells who a token is, until it is revoked or runs out") {
  const auto text = new_token_text();
  auto made = token_of(text);
  made.expires = kMade + hours{24};
  CHECK(made_data(made).dump().find(text) == std::string::npos);

  Tokens tokens;
  CHECK(tokens.apply(entry(kinds::kRunOpened, nullptr)));
  REQUIRE(tokens.apply(entry(kinds::kTokenMade, made_data(made))));
  const auto* found = tokens.find(text, kMade);
  REQUIRE(found);
  CHECK(found->name == "ci");
  CHECK(found->made_by == "unix:ana");
  CHECK(found->scopes == made.scopes);
  CHECK(tokens.find(new_token_text(), kMade) == nullptr);
  CHECK(tokens.find("", kMade) == nullptr);
  CHECK(tokens.find(hex(sha256(text)), kMade) == nullptr);  // who has the record has no token
  CHECK(tokens.find(text, *made.expires - Duration{1}) != nullptr);
  CHECK(tokens.find(text, *made.expires) == nullptr);

  REQUIRE(tokens.apply(entry(kinds::kTokenRevoked, {{"name", "ci"}})));
  CHECK(tokens.find(text, kMade) == nullptr);
  CHECK(tokens.named("ci")->revoked);

  const auto again = new_token_text();
  REQUIRE(tokens.apply(entry(kinds::kTokenMade, made_data(token_of(again)))));
  CHECK(tokens.find(again, kMade) != nullptr);
  CHECK(tokens.find(text, kMade) == nullptr);
  CHECK(tokens.all().size() == 1);
}

TEST_CASE("what cannot be read makes no token") {
  const auto text = new_token_text();
  const auto good = made_data(token_of(text));
  const auto with = [&](const char* key, Json value) {
    Json data = good;
    data[key] = std::move(value);
    return data;
  };
  for (const auto& data :
       {Json(nullptr), Json::object(), with("sha256", "zz"), with("sha256", 1), with("name", "a b"),
        with("scopes", "read"), with("scopes", {"read", "everything"}), with("scopes", {1}),
        with("expires", "tomorrow"), with("expires", 5)}) {
    INFO(data.dump());
    Tokens tokens;
    CHECK(tokens.apply(entry(kinds::kTokenMade, data)).has_error());
    CHECK(tokens.find(text, kMade) == nullptr);
  }
}

TEST_CASE("a service approves nothing, whatever the record says") {
  const auto text = new_token_text();
  auto made = token_of(text);
  made.scopes = Scopes::all();
  Tokens tokens;
  REQUIRE(tokens.apply(entry(kinds::kTokenMade, made_data(made))));
  CHECK_FALSE(tokens.find(text, kMade)->scopes.has(Scope::approve));
}

TEST_CASE("who showed a token is recorded by its name") {
  auto token = token_of("x");
  CHECK(actor_of(principal_of(token)) == journal::Actor{"token:ci", "token", "bearer", ""});
  CHECK(principal_of(token).is_service());
  token.person = "ana";
  CHECK(actor_of(principal_of(token)) ==
        journal::Actor{"token:ci", "token", "bearer", "person:ana"});
  CHECK_FALSE(principal_of(token).is_service());
}

}  // namespace
}  // namespace muster::api
