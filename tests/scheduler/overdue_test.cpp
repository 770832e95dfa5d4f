// What has become overdue since somebody looked: each lapse once, however often it is looked at.
#include "scheduler/overdue.hpp"

#include "journal/kinds.hpp"
#include "tests/catch.hpp"
#include "tests/schedule/helper.hpp"

namespace muster::scheduler {
namespace {

namespace kinds = journal::kinds;
using schedule::utc;
using Told = std::vector<std::string>;

Timetables tables(const std::map<std::string, std::string>& dues) {
  Timetables out;
  for (const auto& [drill, text] : dues) {
    config::Diagnostics errors;
    const auto node = schedule::yaml(text, errors);
    const auto file = node ? model::read_due(*node, errors) : std::nullopt;
    schedule::Timetable table;
    table.drill = drill;
    if (file) table.due = schedule::Due::compile(*file, "", errors);
    if (!table.due) throw std::logic_error(schedule::errors_in(errors));
    out.emplace(drill, std::move(table));
  }
  return out;
}

void ran(Standing& standing, const std::string& drill, std::string_view at,
         const std::string& result, const std::string& state = "clean") {
  journal::Entry e;
  e.drill = drill;
  e.run = std::string{at};
  e.ts = utc(at);
  e.action = kinds::kRunOpened;
  apply(standing, e);
  e.action = kinds::kRunClosed;
  e.outcome = result;
  e.data = Json{{"state", state}};
  apply(standing, e);
}

Told told(OverdueWatch& watch, const Timetables& all, const Standing& standing,
          std::string_view now) {
  Told out;
  for (const auto& one : watch.look(all, standing, utc(now))) {
    const auto& since = one.state.overdue_from;
    out.push_back(one.drill + " " + (since ? schedule::utc_text(*since).substr(0, 10) : "never"));
  }
  return out;
}

TEST_CASE("a lapse is told once; a pass and a new lapse tell again") {
  const auto all = tables({{"orders", "{every: P30D, grace: 2d}"}});
  Standing standing;
  OverdueWatch watch;
  ran(standing, "orders", "2027-01-01T00:00:00Z", "PASS");
  CHECK(told(watch, all, standing, "2027-01-31T00:00:00Z").empty());  // due, and in time
  CHECK(told(watch, all, standing, "2027-02-01T23:59:59Z").empty());
  CHECK(told(watch, all, standing, "2027-02-02T00:00:00Z") == Told{"orders 2027-02-02"});
  CHECK(told(watch, all, standing, "2027-02-02T00:00:02Z").empty());
  ran(standing, "orders", "2027-02-03T00:00:00Z", "FAIL");
  watch.touch();
  CHECK(told(watch, all, standing, "2027-02-03T01:00:00Z").empty());  // the same lapse
  ran(standing, "orders", "2027-02-04T00:00:00Z", "PASS");
  watch.touch();
  CHECK(told(watch, all, standing, "2027-02-04T01:00:00Z").empty());
  CHECK(told(watch, all, standing, "2027-03-08T00:00:00Z") == Told{"orders 2027-03-08"});
}

TEST_CASE("what never passed, a pass that left something, and files that change") {
  auto all = tables({{"never", "every quarter"}, {"dirty", "P30D"}, {"later", "P300D"}});
  Standing standing;
  OverdueWatch watch;
  ran(standing, "dirty", "2027-01-01T00:00:00Z", "PASS", "dirty");
  ran(standing, "later", "2027-01-01T00:00:00Z", "PASS");
  CHECK(told(watch, all, standing, "2027-01-02T00:00:00Z") == Told{"dirty never", "never never"});
  all = tables({{"later", "{every: P10D, grace: 1d}"}});
  CHECK(told(watch, all, standing, "2027-01-20T00:00:00Z").empty());  // nobody said so yet
  watch.touch();
  CHECK(told(watch, all, standing, "2027-01-20T00:00:00Z") == Told{"later 2027-01-12"});
}

TEST_CASE("a wall clock that is set back and on again tells of the lapse anew in this process") {
  const auto all = tables({{"orders", "{every: P30D, grace: 2d}"}});
  Standing standing;
  OverdueWatch watch;
  ran(standing, "orders", "2027-01-01T00:00:00Z", "PASS");
  CHECK(told(watch, all, standing, "2027-02-02T00:00:00Z").size() == 1);
  watch.touch();
  CHECK(told(watch, all, standing, "2027-01-10T00:00:00Z").empty());
  CHECK(told(watch, all, standing, "2027-02-02T00:00:00Z").size() == 1);  // the same id: told once
}

TEST_CASE("a hundred tests that failed do not hide the last pass") {
  const auto all = tables({{"orders", "{every: P400D, grace: 1d}"}});
  Standing standing;
  ran(standing, "orders", "2027-01-01T00:00:00Z", "PASS");
  for (int i = 0; i < 100; ++i) ran(standing, "orders", "2027-01-02T00:00:00Z", "FAIL");
  CHECK(overdue(all, standing, utc("2027-01-03T00:00:00Z")).empty());
  CHECK(overdue(all, standing, utc("2028-02-06T00:00:00Z")).size() == 1);
  CHECK(standing.of("orders").tests.size() == 2);
}

}  // namespace
}  // namespace muster::scheduler
