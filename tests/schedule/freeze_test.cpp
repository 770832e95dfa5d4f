#include "schedule/freeze.hpp"

#include <random>

#include "tests/catch.hpp"
#include "tests/schedule/helper.hpp"

using namespace muster;
using namespace muster::schedule;
using namespace std::chrono;

namespace {

std::string calendar(const std::string& inside) {
  return "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//x//y//EN\r\n" + inside + "END:VCALENDAR\r\n";
}
std::string event(const std::string& lines, const std::string& uid = "1") {
  return "BEGIN:VEVENT\r\nUID:" + uid + "\r\nDTSTAMP:20260101T000000Z\r\nSUMMARY:Freeze\r\n" +
         lines + "END:VEVENT\r\n";
}

Freezes freezes_of(const std::string& bytes) {
  CalendarFile file;
  file.name = "change-freeze";
  file.bytes = bytes;
  file.modified = utc("2026-11-27T00:00:00Z");
  file.fresh_for = days{7};
  return Freezes{{file}};
}

const WallTime kToday = utc("2026-11-28T00:00:00Z");

bool frozen(const Freezes& freezes, const char* at, const char* in = "Europe/Berlin") {
  return freezes.frozen_at(utc(at), kToday, zone(in)).has_value();
}

const char* const kOutlook =
    "BEGIN:VTIMEZONE\r\nTZID:W. Europe Standard Time\r\n"
    "BEGIN:STANDARD\r\nDTSTART:16010101T030000\r\nTZOFFSETFROM:+0200\r\nTZOFFSETTO:+0100\r\n"
    "RRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=-1SU;BYMONTH=10\r\nEND:STANDARD\r\n"
    "BEGIN:DAYLIGHT\r\nDTSTART:16010101T020000\r\nTZOFFSETFROM:+0100\r\nTZOFFSETTO:+0200\r\n"
    "RRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=-1SU;BYMONTH=3\r\nEND:DAYLIGHT\r\nEND:VTIMEZONE\r\n";

}  // namespace

TEST_CASE("events: when they freeze, and when they do not") {
  struct Row {
    const char* what;
    std::string inside;
    std::vector<const char*> in, out;
  };
  const Row rows[] = {
      {"in UTC",
       event("DTSTART:20270112T090000Z\r\nDTEND:20270112T100000Z\r\n"),
       {"2027-01-12T09:00:00Z", "2027-01-12T09:59:59Z"},
       {"2027-01-12T08:59:59Z", "2027-01-12T10:00:00Z"}},
      {"by an IANA name",
       event("DTSTART;TZID=America/New_York:20270712T090000\r\n"
             "DURATION:PT1H\r\n"),
       {"2027-07-12T13:30:00Z"},
       {"2027-07-12T12:59:59Z", "2027-07-12T14:00:00Z"}},
      {"by an IANA name with a prefix",
       event("DTSTART;TZID=/freeassociation.sourceforge.net/Europe/Berlin:20270712T090000\r\n"
             "DURATION:PT1H\r\n"),
       {"2027-07-12T07:30:00Z"},
       {"2027-07-12T08:00:00Z"}},
      {"by a VTIMEZONE of the file, in summer and winter",
       std::string{kOutlook} + event("DTSTART;TZID=W. Europe Standard Time:20270112T090000\r\n"
                                     "DTEND;TZID=W. Europe Standard Time:20270112T100000\r\n"
                                     "RRULE:FREQ=MONTHLY;BYMONTHDAY=12\r\n"),
       {"2027-01-12T08:30:00Z", "2027-07-12T07:30:00Z", "2150-07-12T07:30:00Z"},
       {"2027-01-12T09:30:00Z", "2027-07-12T08:30:00Z", "2027-07-13T07:30:00Z"}},
      {"whole days are those of the drill's own zone",
       event("DTSTART;VALUE=DATE:20271224\r\nDTEND;VALUE=DATE:20271227\r\n"),
       {"2027-12-23T23:00:00Z", "2027-12-26T22:59:59Z"},
       {"2027-12-23T22:59:59Z", "2027-12-26T23:00:00Z"}},
      {"a day without an end is that day",
       event("DTSTART;VALUE=DATE:20271224\r\n"),
       {"2027-12-24T12:00:00Z"},
       {"2027-12-25T12:00:00Z"}},
      {"every year",
       event("DTSTART;VALUE=DATE:20201224\r\nDTEND;VALUE=DATE:20201227\r\nRRULE:FREQ=YEARLY\r\n"),
       {"2027-12-25T12:00:00Z", "2188-12-26T12:00:00Z"},
       {"2027-12-27T12:00:00Z"}},
      {"one of a series left out, one more",
       event("DTSTART;TZID=Europe/Berlin:20270104T090000\r\nDURATION:PT1H\r\n"
             "RRULE:FREQ=WEEKLY\r\nEXDATE;TZID=Europe/Berlin:20270111T090000\r\n"
             "RDATE;TZID=Europe/Berlin:20270112T090000\r\n"),
       {"2027-01-04T08:30:00Z", "2027-01-12T08:30:00Z", "2027-01-18T08:30:00Z"},
       {"2027-01-11T08:30:00Z"}},
      {"one of a series moved, another one cancelled",
       event("DTSTART;TZID=Europe/Berlin:20270104T090000\r\nDURATION:PT1H\r\n"
             "RRULE:FREQ=WEEKLY\r\n") +
           event("RECURRENCE-ID;TZID=Europe/Berlin:20270111T090000\r\n"
                 "DTSTART;TZID=Europe/Berlin:20270112T090000\r\nDURATION:PT1H\r\n") +
           event("RECURRENCE-ID:20270118T080000Z\r\nDTSTART:20270118T080000Z\r\n"
                 "STATUS:CANCELLED\r\n"),
       {"2027-01-12T08:30:00Z", "2027-01-25T08:30:00Z"},
       {"2027-01-11T08:30:00Z", "2027-01-18T08:30:00Z"}},
      {"a series until an instant in UTC, the last one of it too",
       event("DTSTART;TZID=Asia/Tokyo:20270104T020000\r\nDURATION:PT1H\r\n"
             "RRULE:FREQ=DAILY;UNTIL=20270105T170000Z\r\n"),
       {"2027-01-04T17:30:00Z", "2027-01-05T17:30:00Z"},
       {"2027-01-06T17:30:00Z"}},
      {"cancelled",
       event("DTSTART:20270112T090000Z\r\nDTEND:20270112T100000Z\r\n"
             "STATUS:CANCELLED\r\n"),
       {},
       {"2027-01-12T09:30:00Z"}},
      {"the end in another zone",
       event("DTSTART:20270112T090000Z\r\nDTEND;TZID=Europe/Berlin:20270112T110000\r\n"),
       {"2027-01-12T09:59:59Z"},
       {"2027-01-12T10:00:00Z"}},
      {"an empty location is of no matter",
       event("LOCATION:\r\nDTSTART:20270112T090000Z\r\nDTEND:20270112T100000Z\r\n"),
       {"2027-01-12T09:30:00Z"},
       {"2027-01-12T10:30:00Z"}},
  };
  for (const auto& row : rows) {
    CAPTURE(row.what);
    const auto parsed = FreezeCalendar::parse(calendar(row.inside));
    INFO((parsed ? "" : parsed.error().what));
    REQUIRE(parsed);
    const auto freezes = freezes_of(calendar(row.inside));
    for (const auto* at : row.in) CHECK((frozen(freezes, at) ? "" : at) == std::string{});
    for (const auto* at : row.out) CHECK((frozen(freezes, at) ? at : "") == std::string{});
  }
}

TEST_CASE("a series that was cut to nothing is its first event") {
  const auto freezes = freezes_of(calendar(event(
      "DTSTART:20270112T090000Z\r\nDURATION:PT1H\r\nRRULE:FREQ=DAILY;UNTIL=20270101T000000Z\r\n")));
  CHECK(frozen(freezes, "2027-01-12T09:30:00Z"));
  CHECK_FALSE(frozen(freezes, "2027-01-13T09:30:00Z"));
}

TEST_CASE("what would take too long to ask is refused") {
  std::string many;
  for (int i = 0; i < 11; ++i)
    many += event("DTSTART:20270112T090000Z\r\nDURATION:PT1M\r\nRRULE:FREQ=DAILY;COUNT=9999\r\n",
                  std::to_string(i));
  const auto parsed = FreezeCalendar::parse(calendar(many));
  REQUIRE_FALSE(parsed);
  CHECK(parsed.error().what ==
        "more than 100000 counted repetitions, or 20 rules that never occur");
}

TEST_CASE("a calendar that is cut anywhere is refused; a damaged one never does worse") {
  const auto whole =
      calendar(std::string{kOutlook} +
               event("DTSTART;TZID=W. Europe Standard Time:20270112T090000\r\nDURATION:PT1H\r\n"
                     "RRULE:FREQ=MONTHLY;BYMONTHDAY=12\r\n"));
  REQUIRE(FreezeCalendar::parse(whole));
  for (std::size_t size = 0; size < whole.size() - 2; ++size) {
    CAPTURE(size);
    CHECK_FALSE(FreezeCalendar::parse(std::string_view{whole}.substr(0, size)));
  }
  std::mt19937_64 random{1};
  std::size_t refused = 0;
  for (int i = 0; i < 2000; ++i) {
    auto damaged = whole;
    for (int k = 0; k < 3; ++k) damaged[random() % damaged.size()] = static_cast<char>(random());
    const auto parsed = FreezeCalendar::parse(damaged);
    refused += parsed ? 0 : 1;
    if (parsed) parsed->during({kToday, kToday + days{400}}, Zone::utc());
  }
  CHECK(refused > 500);
}

TEST_CASE("Christmas in Auckland is not Christmas in Berlin") {
  const auto freezes = freezes_of(calendar(event("DTSTART;VALUE=DATE:20271225\r\n")));
  CHECK(frozen(freezes, "2027-12-24T12:00:00Z", "Pacific/Auckland"));
  CHECK_FALSE(frozen(freezes, "2027-12-24T12:00:00Z", "Europe/Berlin"));
}

TEST_CASE("what is not understood freezes, and says why") {
  const auto good = event("DTSTART:20270112T090000Z\r\nDTEND:20270112T100000Z\r\n");
  struct Row {
    const char* what;
    std::string bytes, error;
  };
  const Row rows[] = {
      {"nothing", "", "it is no calendar"},
      {"a web page", "<html>\n<body>Sign in</body>\n", "it is no calendar"},
      {"cut off", calendar(good).substr(0, 120), "it is cut off: no END:VEVENT"},
      {"cut between events", "BEGIN:VCALENDAR\r\nVERSION:2.0\r\n" + good,
       "it is cut off: no END:VCALENDAR"},
      {"no time", calendar(event("")), "event 'Freeze': it has no DTSTART"},
      {"no end", calendar(event("DTSTART:20270112T090000Z\r\n")),
       "event 'Freeze': it has no end after its beginning"},
      {"the end before the beginning",
       calendar(event("DTSTART:20270112T090000Z\r\nDTEND:20270112T080000Z\r\n")),
       "event 'Freeze': it has no end after its beginning"},
      {"an unknown zone",
       calendar(event("DTSTART;TZID=Middle Earth:20270112T090000\r\nDURATION:PT1H\r\n")),
       "event 'Freeze': the time zone 'Middle Earth' is neither an IANA name nor in the file"},
      {"every hour",
       calendar(event("DTSTART:20270112T090000Z\r\nDURATION:PT1M\r\nRRULE:FREQ=HOURLY\r\n")),
       "event 'Freeze': FREQ=HOURLY: expected DAILY, WEEKLY, MONTHLY or YEARLY"},
      {"a rule that is none",
       calendar(event("DTSTART:20270112T090000Z\r\nDURATION:PT1M\r\nRRULE:FREQ=SOMETIMES\r\n")),
       "FREQ"},
      {"a time that is none", calendar(event("DTSTART:tomorrow\r\nDURATION:PT1H\r\n")), "DTSTART"},
      {"all that follow one of a series",
       calendar(event("RECURRENCE-ID;RANGE=THISANDFUTURE:20270118T080000Z\r\n"
                      "DTSTART:20270118T080000Z\r\nDURATION:PT1H\r\n")),
       "event 'Freeze': RECURRENCE-ID with RANGE is not read"},
  };
  for (const auto& row : rows) {
    CAPTURE(row.what);
    const auto parsed = FreezeCalendar::parse(row.bytes);
    REQUIRE_FALSE(parsed);
    CAPTURE(parsed.error().what);
    CHECK(parsed.error().what.find(row.error) != std::string::npos);
    const auto why =
        freezes_of(row.bytes).frozen_at(utc("2027-06-01T00:00:00Z"), kToday, Zone::utc());
    REQUIRE(why);
    CHECK(why->is == Frozen::Is::unreadable);
    CHECK(why->what.starts_with("change-freeze: the calendar is not understood: "));
  }
}

TEST_CASE("a calendar that is missing or stale freezes, at any time") {
  CalendarFile file;
  file.name = "holidays";
  file.trouble = "calendars/h.ics: No such file or directory";
  file.fresh_for = days{7};
  auto why = Freezes{{file}}.frozen_at(kToday, kToday, Zone::utc());
  REQUIRE(why);
  CHECK(why->what ==
        "holidays: the calendar cannot be read: calendars/h.ics: No such file or "
        "directory; it counts as frozen");
  file.bytes = calendar("");
  file.modified = kToday - days{7};
  CHECK_FALSE(Freezes{{file}}.frozen_at(kToday, kToday, Zone::utc()));
  why = Freezes{{file}}.frozen_at(kToday, kToday + seconds{1}, Zone::utc());
  REQUIRE(why);
  CHECK(why->is == Frozen::Is::stale);
  file.modified = kToday + hours{1};
  why = Freezes{{file}}.frozen_at(kToday, kToday, Zone::utc());
  REQUIRE(why);
  CHECK(why->is == Frozen::Is::stale);
  const Interval day{kToday, kToday + days{1}};
  CHECK(Freezes{{file}}.frozen_during(day, kToday, Zone::utc()) == std::vector{day});
}

TEST_CASE("why something is frozen: the calendar, the event, until when") {
  const auto freezes = freezes_of(
      calendar(event("DTSTART:20270112T090000Z\r\nDTEND:20270112T100000Z\r\n") +
               event("DTSTART:20270112T080000Z\r\nDTEND:20270112T120000Z\r\nSUMMARY:\r\n", "2")));
  const auto why = freezes.frozen_at(utc("2027-01-12T09:30:00Z"), kToday, zone("Europe/Berlin"));
  REQUIRE(why);
  CHECK(why->what == "change-freeze: Freeze, until 2027-01-12 13:00 +01:00 Europe/Berlin");
  CHECK(why->until == utc("2027-01-12T12:00:00Z"));
}
