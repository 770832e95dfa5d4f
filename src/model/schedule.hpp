// When a drill is meant to run, and how often it must have passed: as the file says it, with its
// places. What the words mean is known to schedule/ (schedule/schedule.hpp compiles this), which
// also says what is wrong with them; nothing here is resolved, and no zone is looked up.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "base/time.hpp"
#include "config/map.hpp"
#include "model/text.hpp"

namespace muster::model {

/// What happens to an occurrence that nobody started in time.
enum class Missed {
  skip,      ///< Nothing: it is told, and what it was due for becomes overdue.
  run_once,  ///< The newest one is started as soon as it may be; never more than one.
  ask        ///< A person decides.
};
/// What happens when the drill still runs as it falls due again.
enum class Overlap {
  forbid,    ///< The new one is missed.
  queue_one  ///< One waits.
};
/// What happens to a local time that a clock set forward leaves out.
enum class Gap {
  shift,  ///< Later by what is left out: 02:30 becomes 03:30.
  skip    ///< It does not occur.
};

/// `after: {drill: NAME, result: passed, within: 7d}`: this one starts only when that one did.
struct After {
  enum class Result {
    passed,
    tested  ///< It was conducted, whatever came out: PASS, FAIL or INCONCLUSIVE.
  };
  Located<std::string> drill;
  Result result = Result::passed;
  Located<Duration> within;  ///< How old that may be when this one starts.
};

struct Schedule {
  Place place;  ///< Of its map.

  // Exactly one of these three.
  std::optional<Located<std::string>> cron;
  std::optional<Located<std::string>> rrule;
  std::optional<Located<std::string>> every;

  std::vector<Located<std::string>> day;      ///< Of `every`.
  std::optional<Located<std::string>> month;  ///< Of `every`: in the quarter, half-year or year.
  std::vector<Located<std::string>> at;       ///< Of `every`: times of the day.
  std::optional<Located<std::string>> start;  ///< Of `rrule` and `every`: the first local time.

  Located<std::string> timezone;
  std::optional<Located<std::string>> window;  ///< "09:00-16:00"
  Missed missed = Missed::skip;
  Located<Duration> start_within;
  Overlap overlap = Overlap::forbid;
  Gap gap = Gap::shift;
  std::vector<Located<Duration>> announce;  ///< Before the occurrence, the longest first.
  /// Names of calendars; nothing: those that apply to the environments of the drill's hosts.
  std::optional<std::vector<Located<std::string>>> freeze;
  std::optional<After> after;
  bool hold = false;  ///< By the file: nothing starts by itself until the key is gone.
};

/// `due: every quarter`, or a map.
struct Due {
  Located<std::string> every;
  Duration grace{};
  std::optional<Located<std::string>> from;      ///< A date: the first period that counts.
  std::optional<Located<std::string>> timezone;  ///< Nothing: the schedule's, else UTC.
};

const config::Shape& schedule_shape();
const config::Shape& after_shape();
const config::Shape& due_shape();
/// Of the keys `schedule` and `due` in a drill.
config::Type due_type();

Schedule read_schedule(const config::Node& node, Diagnostics& out);
std::optional<Due> read_due(const config::Node& node, Diagnostics& out);

/// A drill's `after`, for check_order.
struct Order {
  std::string drill;
  After after;
};
/// That each names one of `drills`, and that none waits for itself, by whatever way.
void check_order(const std::vector<Order>& orders, const std::vector<std::string>& drills,
                 Diagnostics& out);

}  // namespace muster::model
