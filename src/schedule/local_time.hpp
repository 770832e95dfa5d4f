// Wall time without a zone: what a schedule is written in, and what is stored. Seconds; the years
// 1970 to 2199. Which instant it is only a Zone knows.
#pragma once
#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace muster::schedule {

using LocalTime = std::chrono::local_seconds;

/// What is earlier or later does not occur: every search ends there.
inline constexpr LocalTime kFirst{
    std::chrono::local_days{std::chrono::year{1970} / std::chrono::January / 1}};
inline constexpr LocalTime kEnd{
    std::chrono::local_days{std::chrono::year{2200} / std::chrono::January / 1}};

/// 5 January 1970: weeks are counted from it.
inline constexpr std::chrono::local_days kMonday{std::chrono::days{4}};

inline std::chrono::local_days day_of(LocalTime at) {
  return std::chrono::floor<std::chrono::days>(at);
}
inline std::chrono::seconds time_of_day(LocalTime at) {
  return at - day_of(at);
}

/// "2027-01-12", "2027-01-12T10:00", "2027-01-12 10:00:30". A date that does not exist is an error.
Result<LocalTime> parse_local(std::string_view text);
/// "2027-01-12T10:00"; with seconds only when there are any.
std::string format_local(LocalTime at);

/// "10:00" to "23:59"; also "24:00" where `end` says that it is an end.
Result<std::chrono::seconds> parse_time_of_day(std::string_view text, bool end = false);
std::string format_time_of_day(std::chrono::seconds at);

/// "monday", "mon", "Mon".
std::optional<std::chrono::weekday> weekday_named(std::string_view word);
/// "january", "jan", "Jan".
std::optional<std::chrono::month> month_named(std::string_view word);
/// "Monday"
std::string_view name_of(std::chrono::weekday day);
/// "January"
std::string_view name_of(std::chrono::month month);

}  // namespace muster::schedule
