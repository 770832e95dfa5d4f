#include "schedule/recurrence.hpp"

#include "tests/catch.hpp"
#include "tests/schedule/helper.hpp"

using namespace muster;
using namespace muster::schedule;
using Texts = std::vector<std::string>;

TEST_CASE("rules, and the times that follow") {
  struct Row {
    const char *keys, *after;
    Texts times;
  };
  for (const auto& row : {
           // cron
           Row{"cron: 30 9 * * mon", "2027-01-01", {"2027-01-04T09:30", "2027-01-11T09:30"}},
           Row{"cron: 30 9 * * mon", "2027-01-04T09:30", {"2027-01-11T09:30"}},
           Row{"cron: '*/20 23 31 dec *'",
               "2027-12-31T23:10",
               {"2027-12-31T23:20", "2027-12-31T23:40", "2028-12-31T23:00"}},
           Row{"cron: 0 0 13 * fri",
               "2027-01-31",
               {"2027-02-05T00:00", "2027-02-12T00:00", "2027-02-13T00:00"}},  // either
           Row{"cron: 0 0 */2 * fri", "2027-01-31", {"2027-02-05T00:00", "2027-02-19T00:00"}},
           Row{"cron: 0 12 29 2 *", "2095-01-01", {"2096-02-29T12:00", "2104-02-29T12:00"}},
           Row{"cron: 0 6 * * 5-7",
               "2027-01-01T06:00",
               {"2027-01-02T06:00", "2027-01-03T06:00", "2027-01-08T06:00"}},
           Row{"cron: '@weekly'", "2027-01-01", {"2027-01-03T00:00"}},
           // words
           Row{"every: quarter, day: 2nd tuesday, at: '10:00'",
               "2027-01-12T10:00",
               {"2027-04-13T10:00", "2027-07-13T10:00", "2027-10-12T10:00", "2028-01-11T10:00"}},
           Row{"every: quarter, month: 3, day: last friday, at: '10:00'",
               "2027-01-01",
               {"2027-03-26T10:00", "2027-06-25T10:00"}},
           Row{"every: month, day: last, at: '23:00'",
               "2028-01-31T23:00",
               {"2028-02-29T23:00", "2028-03-31T23:00"}},
           Row{"every: month, day: [1, 15], at: ['08:00', '20:00']",
               "2027-01-15T08:00",
               {"2027-01-15T20:00", "2027-02-01T08:00", "2027-02-01T20:00"}},
           Row{"every: week, day: [thursday, mon], at: '07:15'",
               "2027-01-01",
               {"2027-01-04T07:15", "2027-01-07T07:15", "2027-01-11T07:15"}},
           Row{"every: 2 weeks, day: monday, at: '09:00', start: 2027-01-12",
               "2027-01-01",
               {"2027-01-25T09:00", "2027-02-08T09:00"}},
           Row{"every: day, at: '04:00'", "2027-01-01T04:00", {"2027-01-02T04:00"}},
           Row{"every: 3 days, at: '04:00', start: 2027-01-05",
               "1999-01-01",
               {"2027-01-05T04:00", "2027-01-08T04:00"}},
           Row{"every: half-year, month: 2, day: 1, at: '10:00'",
               "2027-01-01",
               {"2027-02-01T10:00", "2027-08-01T10:00"}},
           Row{"every: year, month: october, day: 31, at: '10:00'",
               "2027-11-01",
               {"2028-10-31T10:00"}},
           Row{"every: 2 years, month: 5, day: 1st sunday, at: '10:00', start: 2026-01-01",
               "2027-01-01",
               {"2028-05-07T10:00", "2030-05-05T10:00"}},
           // RFC 5545
           Row{"rrule: FREQ=MONTHLY;INTERVAL=3;BYDAY=TU;BYSETPOS=2, start: 2027-01-12T10:00",
               "2027-01-12T10:00",
               {"2027-04-13T10:00", "2027-07-13T10:00"}},
           Row{"rrule: FREQ=DAILY;COUNT=3, start: 2027-01-12T10:00",
               "2000-01-01",
               {"2027-01-12T10:00", "2027-01-13T10:00", "2027-01-14T10:00"}},
           Row{"rrule: FREQ=WEEKLY;UNTIL=20270126T100000, start: 2027-01-12T10:00",
               "2027-01-12T10:00",
               {"2027-01-19T10:00", "2027-01-26T10:00"}},
           Row{"rrule: 'FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,WE', start: 2026-01-12T10:00",
               "2155-03-01",
               {"2155-03-03T10:00", "2155-03-05T10:00"}},
           Row{"every: day, at: '04:00'", "2199-12-31T04:00", {}},
           Row{"cron: 0 4 * * *", "2199-12-31T04:00", {}},
           Row{"rrule: FREQ=DAILY, start: 2027-01-12T10:00", "2199-12-31T10:00", {}},
       }) {
    CAPTURE(row.keys, row.after);
    CHECK(nominals(row.keys, row.after,
                   row.times.empty() ? 1 : static_cast<int>(row.times.size())) == row.times);
  }
}

TEST_CASE("rules that are refused: where, why, and what to write") {
  struct Row {
    const char *keys, *error;
  };
  for (const auto& row : {
           Row{"cron: 30 9 * *", "1:8: expected the 5 fields of cron, found 4 "},
           Row{"cron: 61 9 * * *", "1:8: '61' is no minute of cron "},
           Row{"cron: 0 9 L * *",
               "1:8: 'L' is no day of month of cron (1 to 31, a list 1,3, a range 1-5, or a step "
               "*/2 or 1-5/2; for the last day write `every: month, day: last`)"},
           Row{"cron: 0 9 * * fri-mon", "1:8: 'fri-mon' is no day of week of cron "},
           Row{"cron: 5/15 9 * * *", "1:8: '5/15' is no minute of cron "},
           Row{"cron: 0 0 30 2 *", "1:8: there is no such day: this never occurs"},
           Row{"cron: '@reboot'", "1:8: '@reboot' is no name of cron "},
           Row{"cron: '0,30 9 * * *', window: 09:00-16:00",
               "1:8: a window, and several times a day"},
           Row{"every: fortnight", "1:9: 'fortnight' is no period "},
           Row{"every: quater, day: last, at: '10:00'",
               "1:9: 'quater' is no period (did you mean `quarter`?)"},
           Row{"every: quarter, day: 31, at: '10:00'",
               "1:23: not every month has a day 31: months would be left out (day: last, or a day "
               "up to 28)"},
           Row{"every: month, day: 5th monday, at: '10:00'",
               "1:21: not every month has a fifth one (day: last monday)"},
           Row{"every: year, month: february, day: 29, at: '10:00'",
               "1:37: February has no day 29 in each year (day: last, or a day up to 28)"},
           Row{"every: quarter, month: 4, day: 1, at: '10:00'",
               "1:25: '4' is no month of a quarter (1 to 3: the first, the second …)"},
           Row{"every: quarter, day: 1", "1:9: at what time of the day? (at: \"10:00\")"},
           Row{"every: quarter, at: '10:00'", "1:9: which day of the quarter? "},
           Row{"every: week, day: 2nd monday, at: '10:00'",
               "1:20: '2nd monday' is no day of a week"},
           Row{"every: 2 weeks, day: monday, at: '10:00'",
               "1:9: every 2 weeks: from which one on? (start: 2027-01-12)"},
           Row{"every: day, at: '25:00'", "1:18: '25:00' is no time of a day (write it as 09:30)"},
           Row{"every: day, day: monday, at: '10:00'", "1:19: `day` is of a week or longer "},
           Row{"every: day, at: '10:00', start: 2027-02-30", "1:34: there is no day 2027-02-30"},
           Row{"every: day, at: '10:00', window: 09:00-16:00",
               "1:18: `at` and `window`: the time is drawn in the window (keep one)"},
           Row{"every: day, window: 16:00-09:00", "1:22: a window ends later on the same day "},
           Row{"every: day, window: 09:00-09:10",
               "1:22: a window shorter than 15m surprises nobody "},
           Row{"rrule: FREQ=HOURLY, start: 2027-01-12T10:00",
               "1:9: FREQ=HOURLY: expected DAILY, WEEKLY, MONTHLY or YEARLY"},
           Row{"rrule: FREQ=YEARLY;BYDAY=255SU, start: 2027-01-12T10:00",
               "1:9: BYDAY=255SU: expected"},
           Row{"rrule: FREQ=DAILY;COUNT=20000, start: 2027-01-12T10:00",
               "1:9: COUNT=20000: expected 1 to 10000"},
           Row{"rrule: FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30, start: 2027-01-12T10:00",
               "1:9: never occurs from 2027-01-12T10:00 on"},
           Row{"rrule: FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30, start: 2027-01-12T10:00",
               "1:9: the rule contradicts itself, or never occurs "},
           Row{"rrule: FREQ=MONTHLY;BYDAY=2TU, start: 2027-01-01T10:00",
               "1:40: 2027-01-01T10:00 is no time of the rule (the first one from there on: start: "
               "2027-01-12T10:00)"},
           Row{"rrule: FREQ=WEEKLY;UNTIL=20270126T100000Z, start: 2027-01-12T10:00",
               "1:9: UNTIL=20270126T100000Z: expected local time"},
           Row{"rrule: FREQ=DAILY;BYDYA=MO, start: 2027-01-12T10:00",
               "1:9: `BYDYA` is no part of a rule here (did you mean `BYDAY`?)"},
           // Programs differ about these.
           Row{"rrule: FREQ=YEARLY;BYMONTHDAY=15, start: 2027-01-15T10:00",
               "1:9: programs read BYMONTHDAY of a year differently (add BYMONTH, or "
               "FREQ=MONTHLY)"},
           Row{"rrule: FREQ=DAILY;BYMONTHDAY=-1, start: 2027-01-31T10:00",
               "1:9: programs read a BYMONTHDAY from the end with FREQ=DAILY differently "},
           Row{"rrule: 'FREQ=MONTHLY;BYMONTHDAY=-1,15;BYSETPOS=1', start: 2027-01-15T10:00",
               "1:9: programs read a BYMONTHDAY from the end with BYSETPOS differently "},
           Row{"rrule: 'FREQ=MONTHLY;BYDAY=TU;BYHOUR=9,10;BYSETPOS=2', start: 2027-01-05T10:00",
               "1:9: programs read BYSETPOS with BYHOUR or BYMINUTE differently "},
           Row{"rrule: FREQ=YEARLY;BYYEARDAY=200;BYMONTH=7, start: 2027-07-19T10:00",
               "1:9: programs read BYYEARDAY with BYMONTH differently "},
           Row{"rrule: FREQ=YEARLY;BYWEEKNO=1;BYDAY=MO, start: 2027-01-04T10:00",
               "1:9: `BYWEEKNO` is no part of a rule here "},
           Row{"rrule: FREQ=DAILY", "1:1: a schedule with `rrule` needs `start` "},
           Row{"cron: 0 9 * * *, day: monday", "1:19: `day` is of a schedule with `every`"},
           Row{"cron: 0 9 * * *, every: day",
               "1:19: a schedule has both `cron` and `every` (keep one)"},
           Row{"at: '10:00'", "1:1: a schedule needs one of: cron, rrule, every"},
           Row{"every: day, at: '10:00', announce: [1d, 7d]",
               "1:42: announcements stand in order, the longest first "},
           Row{"every: day, at: '10:00', start_within: 2d",
               "1:41: `start_within` is above zero and at most 1d"},
       }) {
    CAPTURE(row.keys);
    const auto said = refused(row.keys);
    CAPTURE(said);
    CHECK(said.starts_with(row.error));
  }
}
