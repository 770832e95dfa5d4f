#include "schedule/due.hpp"

#include "tests/catch.hpp"
#include "tests/schedule/helper.hpp"

using namespace muster;
using namespace muster::schedule;
using DueIs = DueState::Is;

namespace {

std::optional<Due> compiled_due(const std::string& text, config::Diagnostics& out) {
  const auto node = yaml(text, out);
  const auto file = node ? model::read_due(*node, out) : std::nullopt;
  return file && out.empty() ? Due::compile(*file, "Europe/Berlin", out) : std::nullopt;
}

Due due(const std::string& text) {
  config::Diagnostics out;
  auto one = compiled_due(text, out);
  INFO(errors_in(out));
  REQUIRE(one);
  return *one;
}

/// "+2027-02-01" passed on that day at noon, "-…" failed.
std::vector<Tested> tests_on(const std::vector<std::string>& dates) {
  std::vector<Tested> tests;
  for (const auto& date : dates)
    tests.push_back({utc(date.substr(1) + "T12:00:00Z"), date.front() == '+'});
  return tests;
}

}  // namespace

TEST_CASE("what is due, by calendar and by interval") {
  struct Row {
    const char* due;
    std::vector<std::string> tests;
    const char* now;
    DueIs is;
    const char *period, *overdue_from;
  };
  const char* kQuarter = "every quarter";
  for (const auto& row : {
           Row{kQuarter, {"+2027-02-01"}, "2027-03-31", DueIs::ok, "quarter 2027-Q2", "2027-07-07"},
           Row{kQuarter,
               {"+2027-02-01"},
               "2027-04-01",
               DueIs::due,
               "quarter 2027-Q2",
               "2027-07-07"},
           Row{kQuarter,
               {"+2027-02-01"},
               "2027-07-07",
               DueIs::due,
               "quarter 2027-Q2",
               "2027-07-07"},
           Row{kQuarter,
               {"+2027-02-01"},
               "2027-07-08",
               DueIs::overdue,
               "quarter 2027-Q2",
               "2027-07-07"},
           // A failed test is a test, and no pass.
           Row{kQuarter,
               {"+2027-02-01", "-2027-05-01"},
               "2027-07-08",
               DueIs::overdue,
               "quarter 2027-Q2",
               "2027-07-07"},
           // Within the grace it counts for the quarter that was open, and its own wants another.
           Row{kQuarter,
               {"+2027-02-01", "+2027-07-05"},
               "2027-09-01",
               DueIs::due,
               "quarter 2027-Q3",
               "2027-10-07"},
           Row{kQuarter,
               {"+2027-02-01", "+2027-07-05", "+2027-08-01"},
               "2027-09-01",
               DueIs::ok,
               "quarter 2027-Q4",
               "2028-01-07"},
           // Too late for what was open: that stays missed, and the present one is passed.
           Row{kQuarter,
               {"+2027-02-01", "+2027-08-01"},
               "2027-09-01",
               DueIs::ok,
               "quarter 2027-Q4",
               "2028-01-07"},
           // Twice in a quarter is once.
           Row{kQuarter,
               {"+2027-02-01", "+2027-03-01"},
               "2027-04-02",
               DueIs::due,
               "quarter 2027-Q2",
               "2027-07-07"},
           // What is still to come does not count.
           Row{kQuarter,
               {"+2027-02-01", "+2027-05-01"},
               "2027-04-02",
               DueIs::due,
               "quarter 2027-Q2",
               "2027-07-07"},
           Row{kQuarter, {}, "2027-04-02", DueIs::overdue, "it never passed", ""},
           Row{kQuarter, {"-2027-02-01"}, "2027-04-02", DueIs::overdue, "it never passed", ""},
           Row{"{every: quarter, from: 2027-05-10}",
               {},
               "2027-03-01",
               DueIs::ok,
               "quarter 2027-Q2",
               "2027-07-07"},
           Row{"{every: quarter, from: 2027-05-10}",
               {},
               "2027-04-02",
               DueIs::due,
               "quarter 2027-Q2",
               "2027-07-07"},
           Row{"{every: month, grace: 1d}",
               {"+2027-02-01"},
               "2027-04-01",
               DueIs::due,
               "month 2027-03",
               "2027-04-01"},
           Row{"{every: month, grace: 1d}",
               {"+2027-02-01"},
               "2027-04-02",
               DueIs::overdue,
               "month 2027-03",
               "2027-04-01"},
           Row{"every week",
               {"+2027-01-12"},
               "2027-01-18",
               DueIs::due,
               "week of 2027-01-18",
               "2027-01-31"},
           Row{"every half-year",
               {"+2027-02-01"},
               "2027-07-02",
               DueIs::due,
               "half-year 2027-H2",
               "2028-01-07"},
           Row{"every year", {"+2027-02-01"}, "2027-12-02", DueIs::ok, "year 2028", "2029-01-07"},
           Row{"P90D", {"+2027-01-01"}, "2027-03-31", DueIs::ok, "every P90D", "2027-04-08"},
           Row{"P90D", {"+2027-01-01"}, "2027-04-02", DueIs::due, "every P90D", "2027-04-08"},
           Row{"{every: 90d, grace: 1d}",
               {"+2027-01-01"},
               "2027-04-03",
               DueIs::overdue,
               "every 90d",
               "2027-04-02"},
           // Three months after the 30th of November: the last of February.
           Row{"{every: P3M, grace: 0s}",
               {"+2026-11-30"},
               "2027-02-28",
               DueIs::ok,
               "every P3M",
               "2027-02-28"},
           Row{"{every: P3M, grace: 0s}",
               {"+2026-11-30"},
               "2027-03-01",
               DueIs::overdue,
               "every P3M",
               "2027-02-28"},
       }) {
    CAPTURE(row.due, row.tests, row.now);
    const auto state =
        due(row.due).state(tests_on(row.tests), utc(std::string{row.now} + "T00:00:00Z"));
    CHECK(state.is == row.is);
    CHECK(state.period == row.period);
    CHECK((state.overdue_from ? utc_text(*state.overdue_from).substr(0, 10) : "") ==
          row.overdue_from);
  }
}

TEST_CASE("tested and passed are two dates") {
  const auto state =
      due("every quarter")
          .state(tests_on({"+2027-02-01", "-2027-03-01"}), utc("2027-03-02T00:00:00Z"));
  CHECK(utc_text(*state.last_tested) == "2027-03-01T12:00:00Z");
  CHECK(utc_text(*state.last_passed) == "2027-02-01T12:00:00Z");
}

TEST_CASE("a period begins when the zone's calendar says so") {
  const auto one = due("{every: month, timezone: Pacific/Auckland}");
  const auto state = one.state(tests_on({"+2027-01-31"}), utc("2027-02-01T12:00:00Z"));
  CHECK(state.period == "month 2027-03");  // noon in UTC is the first of February there
  CHECK(one.text() == "every month, grace 7d, Pacific/Auckland");
}

TEST_CASE("what cannot be due is refused") {
  struct Row {
    const char *text, *error;
  };
  for (const auto& row : {
           Row{"every fortnight", "1:1: 'fortnight' is nothing that can be due "},
           Row{"every day", "1:1: 'day' is nothing that can be due "},
           Row{"P", "1:1: 'P' is nothing that can be due "},
           Row{"PT5M", "1:1: 'PT5M' is nothing that can be due "},
           Row{"{every: quarter, from: 2027-13-01}", "1:24: there is no day 2027-13-01"},
           Row{"{every: quarter, timezone: Mars}", "1:28: there is no time zone 'Mars' "},
           Row{"{every: quarter, grace: 400d}", "1:25: `grace` is at most 366d"},
           Row{"{evry: quarter}", "1:1: what is due needs `every`"},
       }) {
    CAPTURE(row.text);
    config::Diagnostics out;
    CHECK_FALSE(compiled_due(row.text, out));
    const auto said = errors_in(out);
    CAPTURE(said);
    CHECK(said.starts_with(row.error));
  }
}
