#include "catalogue/probe.hpp"

#include "tests/catch.hpp"

using namespace muster::catalogue;

TEST_CASE("a probe is named as the files name it") {
  CHECK(kind_of(PostgresProbe{}) == "postgres");
  CHECK(kind_of(TcpProbe{}) == "tcp");
  CHECK(kind_of(HttpProbe{}) == "http");
  CHECK(kind_of(CommandProbe{}) == "command");
}

TEST_CASE("a probe is described for people") {
  CHECK(describe(PostgresProbe{"host=lb-1 dbname=orders", "select 1"}) ==
        "postgres host=lb-1 dbname=orders: select 1");
  CHECK(describe(TcpProbe{"lb-1", 5432}) == "tcp lb-1:5432");
  CHECK(describe(TcpProbe{"::1", 5432}) == "tcp [::1]:5432");
  CHECK(describe(HttpProbe{"http://lb-1/health", 0, ""}) == "http http://lb-1/health: any 2xx");
  CHECK(describe(HttpProbe{"http://lb-1/health", 200, "well"}) ==
        "http http://lb-1/health: status 200 with 'well'");
  CHECK(describe(CommandProbe{{"test", "-e", "a b"}}) == "command test -e 'a b'");
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
    const auto text = describe(PostgresProbe{row.conninfo, "q"});
    CHECK(text == "postgres " + row.shown + ": q");
  }
  CHECK(describe(HttpProbe{"http://u:geheim@lb-1/", 0, ""}).find("geheim") == std::string::npos);
}

TEST_CASE("a description is printable and bounded") {
  const auto text = describe(PostgresProbe{"host=a", std::string(1000, 'x') + "\x1b[31m"});
  CHECK(text.size() < 330);
  CHECK(describe(TcpProbe{"a\x1b[31m", 1}) == "tcp a\\x1b[31m:1");
}
