// When a drill is meant to run, as data.
#include "config/shape.hpp"
#include "model/schedule.hpp"

namespace muster::model {

using namespace config;

const Shape& schedule_shape() {
  static const Shape shape = [] {
    Shape one;
    one.name = "schedule";
    one.what = "a schedule";
    one.help = "When the drill is meant to run (docs/schedule.md). One of cron, rrule, every.";
    one.keys = {
        {"cron", text(), kOptional, "five fields, \"30 9 * * mon\", or @daily, @weekly, …"},
        {"rrule", text(), kOptional,
         "a rule of RFC 5545, FREQ=DAILY or slower; `start` is its DTSTART"},
        {"every", text(), kOptional,
         "day, week, month, quarter, half-year or year; or several of them: 2 weeks"},
        {"day", either({text(), texts(), integer(1, 31)}), kOptional,
         "of `every`: monday; of months and longer: 15, last, 2nd tuesday, last friday"},
        {"month", either({text(), integer(1, 12)}), kOptional,
         "of `every`: which one of the quarter, half-year or year; 1 when not given"},
        {"at", either({text(), texts()}), kOptional, "of `every`: \"10:00\", or a list"},
        {"start",
         text("YYYY-MM-DD or YYYY-MM-DDTHH:MM",
              "^[0-9]{4}-[0-9]{2}-[0-9]{2}([T ][0-9]{2}:[0-9]{2}(:[0-9]{2})?)?$"),
         kOptional, "of `rrule`: its DTSTART; of `every`: nothing before it"},
        {"timezone", text(), kRequired, "an IANA name: Europe/Berlin"},
        {"window", text("HH:MM-HH:MM", "^[0-9]{2}:[0-9]{2} ?- ?[0-9]{2}:[0-9]{2}$"), kOptional,
         "a surprise: the time is drawn within it, in place of `at`"},
        {"missed", word({"skip", "run_once", "ask"}), preset("skip"),
         "when nobody started it in time"},
        {"start_within", duration(), preset("30m"), "after that it counts as missed"},
        {"overlap", word({"forbid", "queue_one"}), preset("forbid"),
         "when it still runs as it falls due again"},
        {"gap", word({"shift", "skip"}), preset("shift"),
         "a local time that a clock set forward leaves out: 02:30 becomes 03:30, or nothing"},
        {"announce", list(duration()), kOptional, "how long before, to tell people: [7d, 1d, 15m]"},
        {"freeze", either({text(), texts()}), kOptional,
         "names of calendars, or none; when not given, those that apply to the hosts"},
        {"after", map(after_shape), kOptional, "another drill that must have run before"},
        {"hold", boolean(), preset("false"), "true: nothing starts by itself"},
    };
    one.one_of = {"cron", "rrule", "every"};
    return one;
  }();
  return shape;
}

const Shape& after_shape() {
  static const Shape shape = [] {
    Shape one;
    one.name = "after";
    one.what = "what comes before";
    one.help = "The drill starts only when another one ran before it.";
    one.keys = {{"drill", name(), kRequired, "the name of the other drill"},
                {"result", word({"passed", "tested"}), preset("passed"),
                 "passed; tested: conducted, whatever came out"},
                {"within", duration(), kRequired, "how old that may be when this one starts"}};
    return one;
  }();
  return shape;
}

const Shape& due_shape() {
  static const Shape shape = [] {
    Shape one;
    one.name = "due";
    one.what = "what is due";
    one.help = "How often the drill must have passed. `due: every quarter` is short for it.";
    one.keys = {{"every", text(), kRequired,
                 "week, month, quarter, half-year or year of the calendar; or a time since the "
                 "last pass: 90d, P90D, P3M"},
                {"grace", duration(), preset("7d"), "how much later is still in time"},
                {"from", text("YYYY-MM-DD", "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"), kOptional,
                 "counted from the period of that day; without it a drill that never passed is "
                 "overdue"},
                {"timezone", text(), kOptional,
                 "whose calendar: an IANA name; the schedule's when not given, else UTC"}};
    return one;
  }();
  return shape;
}

Type due_type() {
  return either({text("every quarter, or P90D", "^(every .*|P.*|[0-9].*)$"), map(due_shape)});
}

}  // namespace muster::model
