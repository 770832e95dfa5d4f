#include "schedule/due.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "base/text.hpp"

namespace muster::schedule {

using namespace std::chrono;

namespace {

struct Length {
  Duration time{};
  int months = 0;
};

/// "P90D", "P3M", "P1Y", "P2W", "P1M15D" (ISO 8601, dates only); or a duration such as 90d.
std::optional<Length> parse_length(std::string_view text) {
  Length length;
  if (!text.starts_with('P')) {
    const auto time = parse_duration(text);
    if (!time || *time <= Duration{}) return std::nullopt;
    return Length{*time, 0};
  }
  text.remove_prefix(1);
  if (text.empty()) return std::nullopt;
  while (!text.empty()) {
    int number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{} || end == text.data() + text.size() || number < 1 || number > 1000)
      return std::nullopt;
    switch (*end) {
      case 'Y':
        length.months += 12 * number;
        break;
      case 'M':
        length.months += number;
        break;
      case 'W':
        length.time += days{7 * number};
        break;
      case 'D':
        length.time += days{number};
        break;
      default:
        return std::nullopt;
    }
    text.remove_prefix(static_cast<std::size_t>(end + 1 - text.data()));
  }
  return length;
}

/// The same day so many months later; the month's last where it has no such day.
LocalTime add_months(LocalTime at, int count) {
  const year_month_day date{day_of(at)};
  const auto month = date.year() / date.month() + months{count};
  const auto day = std::min(date.day(), (month / last).day());
  return local_days{month / day} + time_of_day(at);
}

}  // namespace

std::optional<Due> Due::compile(const model::Due& from, const std::string& timezone,
                                model::Diagnostics& out) {
  const auto errors = out.count();
  Due due{Zone::utc()};
  const auto& name = from.timezone ? **from.timezone : timezone;
  if (!name.empty()) {
    const auto zone = Zone::find(name);
    if (zone) due.zone_ = *zone;
    if (!zone && from.timezone)
      out.error(from.timezone->place, zone.error().what, zone.error().hint);
  }
  due.grace_ = from.grace;
  const auto every = parse_every(*from.every);
  due.calendar_ = every && every->count == 1 && every->unit != Every::Unit::day;
  if (due.calendar_) {
    due.every_ = *every;
  } else if (const auto length = parse_length(*from.every)) {
    due.interval_ = length->time;
    due.months_ = length->months;
  } else {
    out.error(from.every.place, fmt::format("'{}' is nothing that can be due", *from.every),
              "every week, month, quarter, half-year or year; or 90d, P90D, P3M");
  }
  if (from.from) {
    const auto date = parse_local(**from.from);
    if (date)
      due.from_ = *date;
    else
      out.error(from.from->place, date.error().what, date.error().hint);
  }
  if (out.count() != errors) return std::nullopt;
  due.text_ = fmt::format("every {}, grace {}, {}", *from.every, format_duration(from.grace),
                          due.zone_.name());
  return due;
}

std::string Due::text() const {
  return text_;
}

int Due::period_at(WallTime at) const {
  const auto day = day_of(zone_.local(at));
  if (every_.unit == Every::Unit::week) return static_cast<int>((day - kMonday).count() / 7);
  const year_month_day date{day};
  return ((int(date.year()) - 1970) * 12 + int(unsigned(date.month())) - 1) / every_.units;
}

WallTime Due::begin_of(int period) const {
  if (every_.unit == Every::Unit::week) return zone_.resolve(kMonday + days{7 * period}).at;
  const auto month = year{1970} / January + months{period * every_.units};
  return zone_.resolve(local_days{month / 1}).at;
}

std::string Due::name_of(int period) const {
  const year_month_day begin{day_of(zone_.local(begin_of(period)))};
  const int y = int(begin.year());
  const unsigned m = unsigned(begin.month());
  if (every_.unit == Every::Unit::week)
    return fmt::format("week of {:04}-{:02}-{:02}", y, m, unsigned(begin.day()));
  if (every_.units == 12) return fmt::format("year {}", y);
  if (every_.units == 6) return fmt::format("half-year {}-H{}", y, (m - 1) / 6 + 1);
  if (every_.units == 3) return fmt::format("quarter {}-Q{}", y, (m - 1) / 3 + 1);
  return fmt::format("month {:04}-{:02}", y, m);
}

WallTime Due::later(WallTime at) const {
  const auto whole = months_ == 0 ? at : zone_.resolve(add_months(zone_.local(at), months_)).at;
  return whole + interval_;
}

/// The oldest period that has no pass is the one that is open.
DueState Due::of_calendar(std::span<const Tested> passes, WallTime now) const {
  DueState out;
  if (passes.empty() && !from_) {
    out.is = DueState::Is::overdue;
    out.period = "it never passed";
    return out;
  }
  int open = from_ ? period_at(zone_.resolve(*from_).at) : period_at(passes.front().at);
  for (const auto& pass : passes) {
    const int own = period_at(pass.at);
    // What came too late for the open ones leaves them behind: overdue then, no longer now.
    while (open < own && pass.at >= begin_of(open + 1) + grace_) ++open;
    if (open <= own) ++open;
  }
  out.period = name_of(open);
  out.due_from = begin_of(open);
  out.overdue_from = begin_of(open + 1) + grace_;
  out.is = now < *out.due_from       ? DueState::Is::ok
           : now < *out.overdue_from ? DueState::Is::due
                                     : DueState::Is::overdue;
  return out;
}

DueState Due::of_interval(std::span<const Tested> passes, WallTime now) const {
  DueState out;
  out.period = text_.substr(0, text_.find(','));
  if (passes.empty() && !from_) {
    out.is = DueState::Is::overdue;
    out.period = "it never passed";
    return out;
  }
  const auto since = from_ ? zone_.resolve(*from_).at : WallTime{};
  out.due_from =
      passes.empty() || (from_ && passes.back().at < since) ? since : later(passes.back().at);
  out.overdue_from = *out.due_from + grace_;
  out.is = now < *out.due_from       ? DueState::Is::ok
           : now < *out.overdue_from ? DueState::Is::due
                                     : DueState::Is::overdue;
  return out;
}

DueState Due::state(std::span<const Tested> tests, WallTime now) const {
  std::vector<Tested> passes;
  std::optional<WallTime> tested;
  for (const auto& test : tests) {
    if (test.at > now) continue;
    tested = test.at;
    if (test.passed) passes.push_back(test);
  }
  auto out = calendar_ ? of_calendar(passes, now) : of_interval(passes, now);
  out.last_tested = tested;
  if (!passes.empty()) out.last_passed = passes.back().at;
  return out;
}

}  // namespace muster::schedule
