// What becomes of a conninfo before libpq gets it.
#include "adapters/probes/pg_options.hpp"

#include "adapters/probes/ledger_table.hpp"
#include "tests/catch.hpp"

using namespace muster;
using namespace muster::probes;

namespace {

std::string value(const PgOptions& options, std::string_view keyword) {
  for (const auto& [key, text] : options)
    if (key == keyword) return text;
  return "(none)";
}

}  // namespace

TEST_CASE("addresses are pinned, and names wait for a worker") {
  const auto numeric =
      pinned_options("host=127.0.0.1 port=5433 dbname=orders", Names::numeric_only);
  REQUIRE(numeric);
  REQUIRE(*numeric);
  CHECK(value(**numeric, "hostaddr") == "127.0.0.1");
  CHECK(value(**numeric, "host") == "127.0.0.1");
  CHECK(value(**numeric, "port") == "5433");
  CHECK(value(**numeric, "dbname") == "orders");

  const auto name = pinned_options("postgresql://localhost/orders", Names::numeric_only);
  REQUIRE(name);
  CHECK_FALSE(*name);
  const auto resolved = pinned_options("postgresql://localhost/orders", Names::resolve);
  REQUIRE(resolved);
  REQUIRE(*resolved);
  CHECK(value(**resolved, "host").starts_with("localhost"));
  CHECK(value(**resolved, "hostaddr").find("127.0.0.1") != std::string::npos);
}

TEST_CASE("several hosts keep their ports; folders of sockets need no address") {
  const auto two = pinned_options("host=127.0.0.1,127.0.0.2 port=1,2", Names::numeric_only);
  REQUIRE(two);
  REQUIRE(*two);
  CHECK(value(**two, "hostaddr") == "127.0.0.1,127.0.0.2");
  CHECK(value(**two, "port") == "1,2");
  CHECK_FALSE(pinned_options("host=127.0.0.1 port=1,2", Names::numeric_only));

  const auto socket = pinned_options("host=/run/postgresql", Names::numeric_only);
  REQUIRE(socket);
  REQUIRE(*socket);
  CHECK(value(**socket, "hostaddr") == "(none)");
  const auto mixed = pinned_options("host=/run/postgresql,127.0.0.1", Names::numeric_only);
  REQUIRE(mixed);
  REQUIRE(*mixed);
  CHECK(value(**mixed, "hostaddr") == ",127.0.0.1");
}

TEST_CASE("a conninfo that cannot be read is refused without repeating its password") {
  const auto bad = pinned_options("host=a password=geheim oops", Names::resolve);
  REQUIRE_FALSE(bad);
  CHECK(to_string(bad.error()).find("geheim") == std::string::npos);
}

TEST_CASE("the ledger's table is an identifier, and nothing else is") {
  for (const auto* good : {"muster_ledger", "_x1", "audit.muster_ledger"}) CHECK(ledger_sql(good));
  for (const auto* bad :
       {"", "x;drop table y", "A", "1x", "a.b.c", "a.", ".a", "a\"b", "a b", "x--"}) {
    CAPTURE(bad);
    CHECK_FALSE(ledger_sql(bad));
  }
  CHECK_FALSE(ledger_sql(std::string(64, 'a')));
  CHECK(ledger_sql("audit.t")->insert.find("\"audit\".\"t\"") != std::string::npos);
}

TEST_CASE("the mac of a write is HMAC-SHA256(key, run || n)") {
  // printf run-142 | openssl dgst -sha256 -hmac key
  CHECK(ledger_mac("key", "run-1", 42) ==
        "294dfe4a5e996781727f5424d6c381f5c735171dabde71a1657553899579ced8");
}
