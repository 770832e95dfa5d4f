#include "base/time.hpp"

#include <fmt/format.h>

#include <array>
#include <cctype>
#include <cmath>

namespace muster {
namespace {

struct Unit {
  std::string_view name;
  std::int64_t ns;
};
// Longest names first, so that "ms" is not read as "m".
constexpr std::array<Unit, 7> kUnits{{{"ms", 1'000'000},
                                      {"us", 1'000},
                                      {"ns", 1},
                                      {"s", 1'000'000'000},
                                      {"m", 60'000'000'000},
                                      {"h", 3'600'000'000'000},
                                      {"d", 86'400'000'000'000}}};
constexpr std::int64_t kMostNs = 3650LL * 86'400'000'000'000;

Error not_a_duration(std::string_view text) {
  return {fmt::format("'{}' is not a duration", text),
          "write a number and a unit: 200ms, 30s, 15m, 2h, 90d"};
}

bool digit(char c) {
  return c >= '0' && c <= '9';
}

/// Reads exactly `n` digits; -1 when they are not there.
int fixed_digits(std::string_view& s, std::size_t n) {
  if (s.size() < n) return -1;
  int value = 0;
  for (std::size_t i = 0; i < n; ++i) {
    if (!digit(s[i])) return -1;
    value = value * 10 + (s[i] - '0');
  }
  s.remove_prefix(n);
  return value;
}

bool eat(std::string_view& s, char c) {
  if (s.empty() || s.front() != c) return false;
  s.remove_prefix(1);
  return true;
}

/// Seconds east of UTC after the time of day; false when the text is no offset.
bool offset(std::string_view s, int& seconds) {
  seconds = 0;
  if (s == "Z" || s == "z") return true;
  if (s.empty() || (s[0] != '+' && s[0] != '-')) return false;
  const int sign = s[0] == '-' ? -1 : 1;
  s.remove_prefix(1);
  const int hours = fixed_digits(s, 2);
  if (hours < 0) return false;
  int minutes = 0;
  if (!s.empty()) {
    eat(s, ':');
    minutes = fixed_digits(s, 2);
  }
  if (minutes < 0 || !s.empty() || hours > 15 || minutes > 59) return false;
  seconds = sign * (hours * 3600 + minutes * 60);
  return true;
}

}  // namespace

Result<Duration> parse_duration(std::string_view text) {
  std::string_view rest = text;
  std::int64_t total = 0;
  bool too_long = false;
  if (rest.empty()) return not_a_duration(text);
  while (!rest.empty()) {
    std::size_t n = 0;
    while (n < rest.size() && (digit(rest[n]) || rest[n] == '.')) ++n;
    if (n == 0 || n > 15 || rest[0] == '.' || rest[n - 1] == '.') return not_a_duration(text);
    const std::string number{rest.substr(0, n)};
    if (number.find('.') != number.rfind('.')) return not_a_duration(text);
    rest.remove_prefix(n);
    const Unit* unit = nullptr;
    for (const auto& u : kUnits)
      if (rest.starts_with(u.name)) {
        unit = &u;
        break;
      }
    if (!unit) return not_a_duration(text);
    rest.remove_prefix(unit->name.size());
    const double piece = std::stod(number) * static_cast<double>(unit->ns);
    too_long = too_long || piece > static_cast<double>(kMostNs) - static_cast<double>(total);
    if (too_long) continue;
    // Whole numbers stay whole: above 104 days a double has no nanoseconds any more.
    total +=
        number.find('.') == std::string::npos ? std::stoll(number) * unit->ns : std::llround(piece);
  }
  if (too_long) return Error{fmt::format("'{}' is too long", text), "the most is 3650d"};
  return Duration{total};
}

std::string format_duration(Duration d) {
  std::int64_t left = d.count();
  if (left == 0) return "0s";
  std::string out = left < 0 ? "-" : "";
  left = std::abs(left);
  constexpr std::array<Unit, 7> down{{{"d", 86'400'000'000'000},
                                      {"h", 3'600'000'000'000},
                                      {"m", 60'000'000'000},
                                      {"s", 1'000'000'000},
                                      {"ms", 1'000'000},
                                      {"us", 1'000},
                                      {"ns", 1}}};
  for (const auto& u : down)
    if (left >= u.ns) {
      out += fmt::format("{}{}", left / u.ns, u.name);
      left %= u.ns;
    }
  return out;
}

std::string human_duration(Duration d) {
  const std::int64_t n = d.count();
  if (n < 0) return "-" + human_duration(-d);
  const double s = static_cast<double>(n) / 1e9;
  if (n < 1'000'000) return fmt::format("{:.3g} us", static_cast<double>(n) / 1e3);
  if (n < 999'500'000) return fmt::format("{:.3g} ms", static_cast<double>(n) / 1e6);
  if (s < 9.995) return fmt::format("{:.2f} s", s);
  if (s < 99.95) return fmt::format("{:.1f} s", s);
  const std::int64_t whole = std::llround(s);
  if (whole < 3600) return fmt::format("{} min {:02} s", whole / 60, whole % 60);
  const std::int64_t minutes = std::llround(s / 60);
  if (minutes < 48 * 60) return fmt::format("{} h {:02} min", minutes / 60, minutes % 60);
  return fmt::format("{:.1f} d", s / 86400);
}

std::string format_utc(WallTime t) {
  const auto days = std::chrono::floor<std::chrono::days>(t);
  const std::chrono::year_month_day date{days};
  const auto us = std::chrono::floor<std::chrono::microseconds>(t - days).count();
  const auto s = us / 1'000'000;
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:06}Z", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                     s / 3600, s / 60 % 60, s % 60, us % 1'000'000);
}

Result<WallTime> parse_utc(std::string_view text) {
  const Error bad{fmt::format("'{}' is not a time", text),
                  "write UTC or an offset: 2026-11-22T21:15:05Z or 2026-11-22 21:15:05+00"};
  std::string_view s = text;
  const int year = fixed_digits(s, 4);
  if (year < 1970 || !eat(s, '-')) return bad;
  const int month = fixed_digits(s, 2);
  if (!eat(s, '-')) return bad;
  const int day = fixed_digits(s, 2);
  if (!eat(s, 'T') && !eat(s, ' ')) return bad;
  const int hour = fixed_digits(s, 2);
  if (!eat(s, ':')) return bad;
  const int minute = fixed_digits(s, 2);
  if (!eat(s, ':')) return bad;
  const int second = fixed_digits(s, 2);
  std::int64_t fraction = 0;
  if (eat(s, '.')) {
    std::int64_t scale = 100'000'000;
    if (s.empty() || !digit(s[0])) return bad;
    for (; !s.empty() && digit(s[0]); s.remove_prefix(1), scale /= 10)
      fraction += (s[0] - '0') * scale;
  }
  int east = 0;
  if (!offset(s, east)) return bad;
  const std::chrono::year_month_day date{
      std::chrono::year{year}, std::chrono::month{static_cast<unsigned>(std::max(month, 0))},
      std::chrono::day{static_cast<unsigned>(std::max(day, 0))}};
  if (!date.ok() || year > 2200 || hour < 0 || hour > 23 || minute < 0 || minute > 59 ||
      second < 0 || second > 60)
    return bad;
  const auto time = std::chrono::sys_days{date} + std::chrono::hours{hour} +
                    std::chrono::minutes{minute} + std::chrono::seconds{second - east};
  // What an offset or a leap second moves out of these years could not be read again as UTC.
  constexpr auto kBegin = std::chrono::sys_days{std::chrono::January / 1 / 1970};
  constexpr auto kEnd = std::chrono::sys_days{std::chrono::January / 1 / 2201};
  if (time < kBegin || time >= kEnd) return bad;
  return WallTime{time} + Duration{fraction};
}

}  // namespace muster
