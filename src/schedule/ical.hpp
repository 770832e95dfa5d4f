// Between our local time and libical's. Private to schedule/.
#pragma once
#include <libical/ical.h>

#include <memory>

#include "schedule/local_time.hpp"

namespace muster::schedule {

struct FreeComponent {
  void operator()(icalcomponent* one) const { icalcomponent_free(one); }
};
using Component = std::unique_ptr<icalcomponent, FreeComponent>;

/// Floating: without a zone.
inline icaltimetype ical_time(LocalTime at) {
  const std::chrono::year_month_day date{day_of(at)};
  const std::chrono::hh_mm_ss time{time_of_day(at)};
  icaltimetype out = icaltime_null_time();
  out.year = int(date.year());
  out.month = int(unsigned(date.month()));
  out.day = int(unsigned(date.day()));
  out.hour = static_cast<int>(time.hours().count());
  out.minute = static_cast<int>(time.minutes().count());
  out.second = static_cast<int>(time.seconds().count());
  return out;
}

/// Its digits as they stand, whatever zone it has.
inline LocalTime local_time(const icaltimetype& at) {
  using namespace std::chrono;
  const year_month_day date{year{at.year}, month{unsigned(at.month)}, day{unsigned(at.day)}};
  return local_days{date} + hours{at.hour} + minutes{at.minute} + seconds{at.second};
}

}  // namespace muster::schedule
