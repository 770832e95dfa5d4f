// Recurrence in words: `every: quarter, day: 2nd tuesday, at: "10:00"`. Each period has every one
// of its days: what would drop a period silently (a 31st in April, a fifth Monday, 29 February) is
// refused when it is read.
#pragma once
#include <optional>
#include <vector>

#include "model/schedule.hpp"
#include "schedule/local_time.hpp"

namespace muster::schedule {

/// A day within a period.
struct DayPick {
  enum class Is { weekday, number, last, nth_weekday };
  Is is = Is::number;
  std::chrono::weekday weekday{};
  int number = 1;  ///< Of the day; of nth_weekday which one, 0 for the last.
};

/// A value; any thread.
class Words {
 public:
  /// `window_opens`: of a schedule with a window, which takes the place of `at`. Errors go to `out`
  /// with their places.
  static std::optional<Words> parse(const model::Schedule& schedule,
                                    std::optional<std::chrono::seconds> window_opens,
                                    model::Diagnostics& out);

  std::optional<LocalTime> next(LocalTime after) const;

 private:
  friend class WordsReader;
  enum class Unit { day, week, month };

  int period_of(std::chrono::local_days day) const;
  std::vector<std::chrono::local_days> days_of(int period) const;
  std::chrono::local_days day_in(std::chrono::year_month month, const DayPick& pick) const;

  Unit unit_ = Unit::day;
  int length_ = 1;  ///< Of a period, in units.
  int anchor_ = 0;  ///< A unit (counted from 1970) with which a period begins.
  int month_in_period_ = 0;
  std::vector<DayPick> picks_;
  std::vector<std::chrono::seconds> times_;  ///< Ascending.
  LocalTime start_ = kFirst;
};

/// "2nd tuesday", "last friday", "last", "15". nothing: none of these.
std::optional<DayPick> parse_day_of_month(std::string_view text);

/// `every`: how many of what. Also of `due`. Months for quarter, half-year and year.
struct Every {
  enum class Unit { day, week, month };
  Unit unit = Unit::day;
  int count = 1;          ///< As written: 2 of "2 quarters".
  int units = 1;          ///< Of the unit: 6 months.
  std::string_view word;  ///< "quarter"
};
Result<Every> parse_every(std::string_view text);

}  // namespace muster::schedule
