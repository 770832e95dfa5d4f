#include "schedule/cron.hpp"

#include <fmt/format.h>

#include <charconv>

#include "base/text.hpp"

namespace muster::schedule {
namespace {

using namespace std::chrono;

constexpr std::size_t kLineMax = 256;

struct Field {
  const char* name;
  unsigned least, most;
};
constexpr Field kMinute{"minute", 0, 59}, kHour{"hour", 0, 23}, kDay{"day of month", 1, 31},
    kMonth{"month", 1, 12}, kWeekday{"day of week", 0, 7};

Error wrong(const Field& field, std::string_view text) {
  return Error{fmt::format("'{}' is no {} of cron", text, field.name),
               fmt::format("{} to {}, a list 1,3, a range 1-5, or a step */2 or 1-5/2{}",
                           field.least, field.most,
                           field.most == 31  ? "; for the last day write `every: month, day: last`"
                           : field.most == 7 ? ", or names: mon-fri"
                                             : "")};
}

std::optional<unsigned> number(const Field& field, std::string_view text) {
  if (field.most == 12)
    if (const auto month = month_named(text)) return unsigned(*month);
  if (field.most == 7)
    if (const auto day = weekday_named(text)) return day->c_encoding();
  unsigned value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size() || text.size() > 2) return {};
  return value >= field.least && value <= field.most ? std::optional{value} : std::nullopt;
}

/// One entry of a list: `*`, `5`, `1-5`, each of the first and last also with `/step`.
Result<> add_entry(std::bitset<64>& set, const Field& field, std::string_view text) {
  const auto slash = text.find('/');
  const auto range = text.substr(0, slash);
  const auto dash = range.find('-');
  unsigned from = field.least, to = field.most == 7 ? 6 : field.most, step = 1;
  if (range != "*") {
    const auto first = number(field, range.substr(0, dash));
    const auto last = dash == range.npos ? first : number(field, range.substr(dash + 1));
    if (!first || !last || *first > *last) return wrong(field, text);
    from = *first, to = *last;
    if (slash != text.npos && dash == range.npos) return wrong(field, text);
  }
  if (slash != text.npos) {
    const auto given = number({"step", 1, 59}, text.substr(slash + 1));
    if (!given) return wrong(field, text);
    step = *given;
  }
  for (unsigned i = from; i <= to; i += step) set.set(i);
  return {};
}

Result<std::bitset<64>> parse_field(const Field& field, std::string_view text) {
  std::bitset<64> set;
  for (const auto& entry : split(text, ','))
    if (const auto added = add_entry(set, field, entry); !added) return added.error();
  return set;
}

template <std::size_t N>
std::bitset<N> narrowed(const std::bitset<64>& set) {
  return std::bitset<N>{set.to_ullong() & ((1ull << N) - 1)};
}

Result<std::string> written_out(std::string_view name) {
  constexpr std::pair<std::string_view, std::string_view> kNames[] = {
      {"@yearly", "0 0 1 1 *"}, {"@annually", "0 0 1 1 *"}, {"@monthly", "0 0 1 * *"},
      {"@weekly", "0 0 * * 0"}, {"@daily", "0 0 * * *"},    {"@midnight", "0 0 * * *"},
      {"@hourly", "0 * * * *"}};
  std::vector<std::string> right;
  for (const auto& [known, fields] : kNames) {
    if (name == known) return std::string{fields};
    right.emplace_back(known);
  }
  return Error{fmt::format("'{}' is no name of cron", name), "one of " + joined(right, ", ")};
}

}  // namespace

Result<Cron> Cron::parse(std::string_view text) {
  if (text.size() > kLineMax) return Error{"a line of cron longer than 256 characters"};
  std::string line{trimmed(text)};
  if (line.starts_with('@')) {
    auto fields = written_out(line);
    if (!fields) return fields.error();
    line = *std::move(fields);
  }
  std::vector<std::string> words;
  for (auto& word : split(line, ' '))
    if (!word.empty()) words.push_back(std::move(word));
  if (words.size() != 5)
    return Error{fmt::format("expected the 5 fields of cron, found {}", words.size()),
                 "minute, hour, day of month, month, day of week: \"30 9 * * mon\""};
  Cron cron;
  const Field* fields[] = {&kMinute, &kHour, &kDay, &kMonth, &kWeekday};
  std::bitset<64> sets[5];
  for (std::size_t i = 0; i < 5; ++i) {
    auto set = parse_field(*fields[i], words[i]);
    if (!set) return set.error();
    sets[i] = *set;
  }
  if (sets[4].test(7)) sets[4].set(0);  // Sunday is 0 and 7
  cron.minutes_ = narrowed<60>(sets[0]);
  cron.hours_ = narrowed<24>(sets[1]);
  cron.days_ = narrowed<32>(sets[2]);
  cron.months_ = narrowed<13>(sets[3]);
  cron.weekdays_ = narrowed<7>(sets[4]);
  cron.either_day_ = words[2].front() != '*' && words[4].front() != '*';
  return cron;
}

bool Cron::fits(year_month_day date) const {
  const bool day = days_.test(unsigned(date.day()));
  const bool weekday_fits = weekdays_.test(weekday{local_days{date}}.c_encoding());
  return months_.test(unsigned(date.month())) &&
         (either_day_ ? day || weekday_fits : day && weekday_fits);
}

std::optional<seconds> Cron::time_after(seconds after) const {
  for (unsigned h = 0; h < 24; ++h) {
    if (!hours_.test(h) || hours{h + 1} <= after) continue;
    for (unsigned m = 0; m < 60; ++m)
      if (minutes_.test(m) && hours{h} + minutes{m} > after) return hours{h} + minutes{m};
  }
  return std::nullopt;
}

std::optional<LocalTime> Cron::next(LocalTime after) const {
  after = std::max(after, kFirst - seconds{1});
  seconds from = time_of_day(after);
  for (auto day = day_of(after); day < kEnd;) {
    const year_month_day date{day};
    if (!months_.test(unsigned(date.month()))) {
      const auto month = date.year() / date.month() + months{1};
      day = local_days{month / 1};
      from = seconds{-1};
      continue;
    }
    if (fits(date))
      if (const auto time = time_after(from)) return day + *time;
    day += days{1};
    from = seconds{-1};
  }
  return std::nullopt;
}

}  // namespace muster::schedule
