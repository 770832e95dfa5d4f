#include "schedule/words.hpp"

#include <algorithm>

namespace muster::schedule {

using namespace std::chrono;

namespace {

constexpr year_month kJanuary{year{1970}, January};

int floored(int a, int b) {
  return a / b - (a % b != 0 && (a < 0) != (b < 0) ? 1 : 0);
}

int month_number(local_days day) {
  const year_month_day date{day};
  return (int(date.year()) - 1970) * 12 + int(unsigned(date.month())) - 1;
}

}  // namespace

/// The unit that the day is in, counted from the first one of 1970; then the period of it.
int Words::period_of(local_days day) const {
  int unit = 0;
  switch (unit_) {
    case Unit::day:
      unit = static_cast<int>(day.time_since_epoch().count());
      break;
    case Unit::week:
      unit = floored(static_cast<int>((day - kMonday).count()), 7);
      break;
    case Unit::month:
      unit = month_number(day);
      break;
  }
  return floored(unit - anchor_, length_);
}

local_days Words::day_in(year_month month, const DayPick& pick) const {
  switch (pick.is) {
    case DayPick::Is::number:
      return local_days{month / pick.number};
    case DayPick::Is::last:
      return local_days{month / last};
    case DayPick::Is::nth_weekday:
      return pick.number == 0 ? local_days{month / pick.weekday[last]}
                              : local_days{month / pick.weekday[unsigned(pick.number)]};
    case DayPick::Is::weekday:
      break;
  }
  return local_days{month / 1};
}

/// Ascending.
std::vector<local_days> Words::days_of(int period) const {
  const int first = anchor_ + period * length_;
  std::vector<local_days> found;
  switch (unit_) {
    case Unit::day:
      return {local_days{days{first}}};
    case Unit::week:
      for (const auto& pick : picks_)
        found.push_back(kMonday + days{7 * first} + (pick.weekday - Monday));
      break;
    case Unit::month:
      for (const auto& pick : picks_)
        found.push_back(day_in(kJanuary + months{first + month_in_period_}, pick));
      break;
  }
  std::sort(found.begin(), found.end());
  found.erase(std::unique(found.begin(), found.end()), found.end());
  return found;
}

std::optional<LocalTime> Words::next(LocalTime after) const {
  after = std::max(after, start_ - seconds{1});
  // A period's days may lie behind `after`, then the next one's do not; the third is never reached.
  for (int period = period_of(day_of(after)), tries = 0; tries < 3; ++period, ++tries)
    for (const auto day : days_of(period))
      for (const auto time : times_)
        if (day + time > after)
          return day + time < kEnd ? std::optional{LocalTime{day + time}} : std::nullopt;
  return std::nullopt;
}

}  // namespace muster::schedule
