// The five fields of cron, as Vixie's reads them (crontab(5) of Debian): minute, hour, day of
// month, month, day of week; names, ranges, steps, lists; @daily and its like. When both days are
// restricted, either serves; a field that begins with `*` (also `*/2`) restricts nothing in that
// sense, and then both must fit.
#pragma once
#include <bitset>
#include <optional>
#include <string_view>

#include "schedule/local_time.hpp"

namespace muster::schedule {

/// A value; any thread.
class Cron {
 public:
  static Result<Cron> parse(std::string_view text);

  /// The first one strictly later; nothing: none before kEnd.
  std::optional<LocalTime> next(LocalTime after) const;
  /// At most one time a day.
  bool once_a_day() const { return minutes_.count() == 1 && hours_.count() == 1; }

 private:
  bool fits(std::chrono::year_month_day date) const;
  std::optional<std::chrono::seconds> time_after(std::chrono::seconds after) const;

  std::bitset<60> minutes_;
  std::bitset<24> hours_;
  std::bitset<32> days_;    ///< 1 to 31
  std::bitset<13> months_;  ///< 1 to 12
  std::bitset<7> weekdays_;
  bool either_day_ = false;
};

}  // namespace muster::schedule
