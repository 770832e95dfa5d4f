#include "schedule/local_time.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>

namespace muster::schedule {

using namespace std::chrono;

namespace {

constexpr std::array<std::string_view, 7> kDays{"Sunday",   "Monday", "Tuesday", "Wednesday",
                                                "Thursday", "Friday", "Saturday"};
constexpr std::array<std::string_view, 12> kMonths{"January",   "February", "March",    "April",
                                                   "May",       "June",     "July",     "August",
                                                   "September", "October",  "November", "December"};

/// Digits at `at`, exactly `count` of them; -1 when there is anything else.
int digits(std::string_view text, std::size_t at, std::size_t count) {
  if (text.size() < at + count) return -1;
  int number = 0;
  for (const char c : text.substr(at, count)) {
    if (c < '0' || c > '9') return -1;
    number = number * 10 + (c - '0');
  }
  return number;
}

bool same(std::string_view name, std::string_view word) {
  return name.size() == word.size() &&
         std::equal(name.begin(), name.end(), word.begin(), [](unsigned char a, unsigned char b) {
           return std::tolower(a) == std::tolower(b);
         });
}

/// Whole, or its first three letters.
template <std::size_t N>
std::optional<unsigned> index_of(const std::array<std::string_view, N>& names,
                                 std::string_view word) {
  for (unsigned i = 0; i < N; ++i)
    if (same(names[i], word) || same(names[i].substr(0, 3), word)) return i;
  return std::nullopt;
}

}  // namespace

Result<LocalTime> parse_local(std::string_view text) {
  const Error error{fmt::format("'{}' is no date", text),
                    "write it as 2027-01-12, or 2027-01-12T10:00"};
  const int y = digits(text, 0, 4), m = digits(text, 5, 2), d = digits(text, 8, 2);
  if (y < 0 || m < 0 || d < 0 || text[4] != '-' || text[7] != '-') return error;
  const year_month_day date{year{y}, month{unsigned(m)}, day{unsigned(d)}};
  if (!date.ok()) return Error{fmt::format("there is no day {}", text.substr(0, 10))};
  seconds time{};
  if (text.size() > 10) {
    if (text[10] != 'T' && text[10] != ' ') return error;
    const auto hm = parse_time_of_day(text.substr(11, 5));
    if (!hm) return hm.error();
    time = *hm;
    if (text.size() > 16) {
      const int s = digits(text, 17, 2);
      if (text.size() != 19 || text[16] != ':' || s < 0 || s > 59) return error;
      time += seconds{s};
    }
  }
  const LocalTime at = local_days{date} + time;
  if (at < kFirst || at >= kEnd)
    return Error{fmt::format("{} is outside of the years 1970 to 2199", text)};
  return at;
}

std::string format_local(LocalTime at) {
  const year_month_day date{day_of(at)};
  const hh_mm_ss time{time_of_day(at)};
  auto text = fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}", int(date.year()), unsigned(date.month()),
                          unsigned(date.day()), time.hours().count(), time.minutes().count());
  if (time.seconds().count() != 0) text += fmt::format(":{:02}", time.seconds().count());
  return text;
}

Result<seconds> parse_time_of_day(std::string_view text, bool end) {
  const int h = digits(text, 0, 2), m = digits(text, 3, 2);
  if (text.size() != 5 || text[2] != ':' || h < 0 || m < 0 || m > 59 ||
      (h > 23 && !(end && h == 24 && m == 0)))
    return Error{fmt::format("'{}' is no time of a day", text), "write it as 09:30"};
  return hours{h} + minutes{m};
}

std::string format_time_of_day(seconds at) {
  const auto total = duration_cast<minutes>(at).count();
  return fmt::format("{:02}:{:02}", total / 60, total % 60);
}

std::optional<weekday> weekday_named(std::string_view word) {
  const auto index = index_of(kDays, word);
  return index ? std::optional{weekday{*index}} : std::nullopt;
}

std::optional<month> month_named(std::string_view word) {
  const auto index = index_of(kMonths, word);
  return index ? std::optional{month{*index + 1}} : std::nullopt;
}

std::string_view name_of(weekday day) {
  return kDays[day.c_encoding()];
}

std::string_view name_of(month month) {
  return kMonths[unsigned(month) - 1];
}

}  // namespace muster::schedule
