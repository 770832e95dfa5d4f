#include "catalogue/probe.hpp"

#include "tests/catch.hpp"

using namespace muster::catalogue;

namespace {

ProbeSpec postgres(const std::string& conninfo, const std::string& query = "select 1") {
  return {"postgres", {{"conninfo", conninfo}, {"query", query}}};
}
ProbeSpec tcp(const std::string& address) {
  return {"tcp", {{"address", address}}};
}

}  // namespace

TEST_CASE("what every kind declares holds together") {
  for (const auto& kind : probe_kinds()) {
    CAPTURE(kind.name);
    CHECK(probe_kind(kind.name) == &kind);
    CHECK_FALSE(kind.title.empty());
    CHECK_FALSE(kind.up.empty());
    REQUIRE(kind.parameter(kind.shorthand));
    CHECK((kind.question.empty() || kind.parameter(kind.question)));
    for (const auto& parameter : kind.parameters) {
      CAPTURE(parameter.name);
      CHECK_FALSE(parameter.help.empty());
      // What stands beside a service's or a condition's own keys must not be one of them.
      for (const auto* taken : {"every", "timeout", "up", "warm_up", "outage", "ledger", "is"})
        CHECK(kind.question != taken);
      if (!parameter.fallback.empty() && !is_list(parameter.type))
        CHECK(check_value(parameter, parameter.fallback));
      CHECK_FALSE((parameter.required && !parameter.fallback.empty()));
    }
  }
  CHECK(probe_kind("tpc") == nullptr);
}

TEST_CASE("a probe is described for people") {
  CHECK(describe(postgres("host=lb-1 dbname=orders")) ==
        "postgres host=lb-1 dbname=orders: select 1");
  CHECK(describe({"postgres", {{"conninfo", "host=a"}}}) == "postgres host=a: select 1");
  CHECK(describe(tcp("[::1]:5432")) == "tcp [::1]:5432");
  CHECK(describe({"http", {{"url", "http://lb-1/health"}}}) == "http http://lb-1/health");
  CHECK(describe({"http",
                  {{"url", "http://lb-1/health"}, {"status", "200"}, {"contains", "all well"}}}) ==
        "http http://lb-1/health: status 200, contains 'all well'");
  CHECK(
      describe({"command",
                {{"argv_0", "test"}, {"argv_1", "-e"}, {"argv_2", "a b"}, {"argv_count", "3"}}}) ==
      "command test -e 'a b'");
}

TEST_CASE("values fall back to what the kind declares") {
  const ProbeSpec spec{"postgres", {{"conninfo", "host=a"}}};
  CHECK(spec.text("query") == "select 1");
  CHECK(spec.text("nothing").empty());
  CHECK(spec.list("nothing").empty());
}

TEST_CASE("a question is checked before it is asked") {
  const auto refusal = [](const ProbeSpec& spec) {
    const auto checked = check(spec);
    return checked ? std::string{} : checked.error().what;
  };
  CHECK(refusal(tcp("lb-1:5432")).empty());
  CHECK(refusal(tcp("lb-1")) == "address: expected host:port, found 'lb-1'");
  CHECK(refusal(tcp("[::1]:70000")) == "address: expected host:port, found '[::1]:70000'");
  CHECK(refusal({"tcp", {}}) == "a tcp probe needs `address`");
  CHECK(refusal({"command", {}}) == "a command probe needs `argv`");
  CHECK(refusal({"http", {{"url", "http://a/"}, {"status", "99"}}}) == "status: 99 is too small");
  CHECK(refusal({"http", {{"url", "ftp://u:geheim@a/"}}}).find("geheim") == std::string::npos);
  CHECK(refusal({"smoke", {}}) == "no probe is called 'smoke'");
}

TEST_CASE("a probe goes through JSON, also as older plans hold it") {
  for (const auto& spec : {postgres("host=a", "select true"), tcp("a:1"),
                           ProbeSpec{"command", {{"argv_0", "x"}, {"argv_count", "1"}}}})
    CHECK(probe_from_json(to_json(spec)) == spec);
  const auto old = [](const char* text) { return probe_from_json(muster::Json::parse(text)); };
  CHECK(old(R"({"kind": "postgres", "conninfo": "host=a", "query": "q"})") ==
        postgres("host=a", "q"));
  CHECK(old(R"({"kind": "tcp", "host": "::1", "port": 5})").text("address") == "[::1]:5");
  CHECK(old(R"({"kind": "http", "url": "http://a/", "status": 0, "contains": ""})") ==
        ProbeSpec{"http", {{"url", "http://a/"}}});
  CHECK(old(R"({"kind": "command", "argv": ["x", "y"]})").list("argv") ==
        std::vector<std::string>{"x", "y"});
}

TEST_CASE("passwords in a conninfo are masked, however they are written") {
  struct Row {
    std::string conninfo, shown;
  };
  const std::vector<Row> rows{
      {"host=a password=geheim dbname=b", "host=a password=*** dbname=b"},
      {"host=a password = 'ge heim' dbname=b", "host=a password=*** dbname=b"},
      {"host=a password='ge\\'heim x' dbname=b", "host=a password=*** dbname=b"},
      {"host=a password=ge\\ heim dbname=b", "host=a password=*** dbname=b"},
      {"PassWord=geheim", "PassWord=***"},
      {"sslkey=k sslpassword=geheim", "sslkey=k sslpassword=***"},
      {"password='geheim", "password=***"},
      {"host=a geheim", "host=a …"},
      {"password= geheim host=a", "password=*** host=a"},
      {"postgresql://u:geheim@lb-1:5432/orders", "postgresql://u:***@lb-1:5432/orders"},
      {"postgres://u@lb-1/orders?sslmode=require&password=geheim",
       "postgres://u@lb-1/orders?sslmode=require&password=***"},
      {"postgres://u:ge@heim@lb-1/", "postgres://u:***@lb-1/"},
      {"postgres://u:ge/heim@lb-1/", "postgres://…"},
      {"postgresql:///orders?host=/run", "postgresql:///orders?host=/run"},
  };
  for (const auto& row : rows) {
    CAPTURE(row.conninfo);
    const auto text = describe(postgres(row.conninfo, "q"));
    CHECK(text == "postgres " + row.shown + ": q");
  }
  CHECK(describe({"http", {{"url", "http://u:geheim@lb-1/"}}}).find("geheim") == std::string::npos);
}

TEST_CASE("a description is printable and bounded") {
  const auto text = describe(postgres("host=a", std::string(1000, 'x') + "\x1b[31m"));
  CHECK(text.size() < 330);
  CHECK(describe(tcp("a\x1b[31m:1")) == "tcp a\\x1b[31m:1");
}
