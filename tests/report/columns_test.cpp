#include "report/columns.hpp"

#include "tests/catch.hpp"

using namespace muster::report;

TEST_CASE("columns that a text takes, and texts that are made to fit") {
  struct Row {
    std::string text;
    int columns;
    std::string cut_to_5;
  };
  const std::vector<Row> table{{"", 0, ""},
                               {"db-1", 4, "db-1"},
                               {"grün-1", 6, "grün…"},
                               {"数据库", 6, "数据…"},
                               {"e\u0301te", 3, "e\u0301te"},
                               {"\x1b[33mwarning\x1b[0m", 7, "\x1b[33mwarn…\x1b[0m"}};
  for (const auto& row : table) {
    CAPTURE(row.text);
    CHECK(columns_of(row.text) == row.columns);
    CHECK(cut_to(row.text, 5) == row.cut_to_5);
    CHECK(columns_of(cut_to(row.text, 5)) <= 5);
    CHECK(columns_of(padded(row.text, 9)) == 9);
  }
  CHECK(cut_to("too long", 5, false) == "too ~");
  CHECK(cut_to("x", 0).empty());
}
