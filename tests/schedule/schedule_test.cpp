#include "schedule/schedule.hpp"

#include "tests/catch.hpp"
#include "tests/schedule/helper.hpp"

using namespace muster;
using namespace muster::schedule;
using namespace std::chrono;
using Is = Zone::Resolved::Is;

namespace {

Schedule of(const std::string& keys, const std::string& timezone = "Europe/Berlin") {
  config::Diagnostics out;
  auto schedule = compiled(keys, out, timezone);
  INFO(errors_in(out));
  REQUIRE(schedule);
  return *schedule;
}

}  // namespace

TEST_CASE("a clock set forward shifts the drill, and never skips a day more") {
  const auto schedule = of("every: day, at: '02:30'");
  auto one = schedule.next(local("2027-03-27T02:30"));
  CHECK(format_local(one->nominal) == "2027-03-28T02:30");
  CHECK(one->clock == Is::left_out);
  CHECK(utc_text(*one->planned) == "2027-03-28T01:30:00Z");  // 03:30
  one = schedule.next(one->nominal);
  CHECK(utc_text(*one->planned) == "2027-03-29T00:30:00Z");
}

TEST_CASE("gap: skip leaves out that one alone") {
  const auto schedule = of("every: day, at: '02:30', gap: skip");
  CHECK(format_local(schedule.next(local("2027-03-27T02:30"))->nominal) == "2027-03-29T02:30");
  const auto yearly = of("every: year, month: march, day: last sunday, at: '02:30', gap: skip");
  CHECK_FALSE(yearly.next(local("2027-01-01")));  // each of them is in a gap, for ever
}

TEST_CASE("where the shifted time is one of the rule's own, there are not two") {
  const auto schedule = of("every: day, at: ['02:30', '03:30']");
  auto one = schedule.next(local("2027-03-27T03:30"));
  CHECK(format_local(one->nominal) == "2027-03-28T03:30");
  CHECK(utc_text(*one->planned) == "2027-03-28T01:30:00Z");
  const auto samoa = of("every: day, at: '10:00'", "Pacific/Apia");
  CHECK(format_local(samoa.next(local("2011-12-29T10:00"))->nominal) == "2011-12-31T10:00");
}

TEST_CASE("a clock set back runs it once, at the first of the two") {
  const auto schedule = of("every: day, at: '02:30'");
  auto one = schedule.next(local("2027-10-30T02:30"));
  CHECK(one->clock == Is::twice);
  CHECK(utc_text(*one->planned) == "2027-10-31T00:30:00Z");
  CHECK(id_of(*one) == "d@2027-10-31T02:30");
  // Asked again between the two, it is over.
  CHECK(format_local(schedule.next(utc("2027-10-31T01:00:00Z"))->nominal) == "2027-11-01T02:30");
}

TEST_CASE("the next one after an instant is strictly later") {
  const auto schedule = of("every: quarter, day: 2nd tuesday, at: '10:00'");
  CHECK(format_local(schedule.next(utc("2027-01-12T08:59:59Z"))->nominal) == "2027-01-12T10:00");
  CHECK(format_local(schedule.next(utc("2027-01-12T09:00:00Z"))->nominal) == "2027-04-13T10:00");
}

TEST_CASE("a window hides the time, and tells nothing until it is drawn") {
  const auto schedule = of("every: month, day: 15, window: 09:00-16:00");
  auto one = schedule.next(utc("2027-01-15T12:00:00Z"));
  REQUIRE(one);  // its window is not over
  CHECK(format_local(one->nominal) == "2027-01-15T09:00");
  CHECK(one->is_surprise());
  CHECK_FALSE(one->planned);
  CHECK(utc_text(one->window.from) == "2027-01-15T08:00:00Z");
  CHECK(utc_text(one->window.to) == "2027-01-15T15:00:00Z");
  draw(*one, "seed", {}, utc("2027-01-01T00:00:00Z"), schedule.zone());
  REQUIRE(one->planned);
  CHECK(one->window.holds(*one->planned));
  CHECK(check_surprise(*one->surprise));
  const auto again = schedule.next(utc("2027-01-15T15:00:00Z"));
  CHECK(format_local(again->nominal) == "2027-02-15T09:00");
}

TEST_CASE("of cron, the window is on the rule's day, whatever its time of day") {
  const auto one = of("cron: 0 20 15 * *, window: 09:00-16:00").next(local("2027-01-01"));
  CHECK(format_local(one->nominal) == "2027-01-15T20:00");
  CHECK(utc_text(one->window.from) == "2027-01-15T08:00:00Z");
}

TEST_CASE("an unknown zone is refused at its place") {
  config::Diagnostics out;
  CHECK_FALSE(compiled("every: day, at: '10:00'", out, "Europe/Berln"));
  CHECK(errors_in(out) ==
        "1:37: there is no time zone 'Europe/Berln' (did you mean `Europe/Berlin`?)\n");
}
