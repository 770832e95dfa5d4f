// Reads a recurrence in words, and refuses what would not occur in each of its periods.
#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "base/text.hpp"
#include "schedule/words.hpp"

namespace muster::schedule {

using namespace std::chrono;

namespace {

constexpr int kCountMax = 100;
constexpr int kDaysOfEachMonth = 28;
constexpr std::size_t kTimesMax = 24;

std::optional<int> number_of(std::string_view text) {
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc{} && end == text.data() + text.size() && value >= 0
             ? std::optional{value}
             : std::nullopt;
}

/// 1 to 5; 0 is the last one.
std::optional<int> ordinal(std::string_view word) {
  constexpr std::pair<std::string_view, int> kWords[] = {
      {"last", 0},  {"1st", 1},    {"2nd", 2},   {"3rd", 3},    {"4th", 4},  {"5th", 5},
      {"first", 1}, {"second", 2}, {"third", 3}, {"fourth", 4}, {"fifth", 5}};
  for (const auto& [text, value] : kWords)
    if (text == word) return value;
  return std::nullopt;
}

std::vector<std::string> words_of(std::string_view text) {
  std::vector<std::string> words;
  for (auto& word : split(text, ' '))
    if (!word.empty()) words.push_back(std::move(word));
  return words;
}

}  // namespace

std::optional<DayPick> parse_day_of_month(std::string_view text) {
  const auto words = words_of(text);
  if (words.size() == 1 && words[0] == "last") return DayPick{DayPick::Is::last, {}, 0};
  if (words.size() == 1)
    if (const auto day = number_of(words[0])) return DayPick{DayPick::Is::number, {}, *day};
  if (words.size() != 2) return std::nullopt;
  const auto nth = ordinal(words[0]);
  const auto day = weekday_named(words[1]);
  if (!nth || !day) return std::nullopt;
  return DayPick{DayPick::Is::nth_weekday, *day, *nth};
}

Result<Every> parse_every(std::string_view text) {
  struct Known {
    std::string_view word;
    Every::Unit unit;
    int units;
  };
  constexpr Known kKnown[] = {
      {"day", Every::Unit::day, 1},         {"week", Every::Unit::week, 1},
      {"month", Every::Unit::month, 1},     {"quarter", Every::Unit::month, 3},
      {"half-year", Every::Unit::month, 6}, {"year", Every::Unit::month, 12}};
  auto words = words_of(text);
  int count = 1;
  const bool counted = words.size() == 2;
  if (counted) {
    const auto given = number_of(words[0]);
    if (!given || *given < 1 || *given > kCountMax)
      return Error{fmt::format("'{}': the number stands in front, 1 to {}", text, kCountMax),
                   "every: 2 weeks"};
    count = *given;
    words.erase(words.begin());
  }
  std::vector<std::string> right;
  for (const auto& known : kKnown) {
    const auto& word = words.size() == 1 ? words[0] : std::string{};
    if (word == known.word || (counted && word == std::string{known.word} + "s"))
      return Every{known.unit, count, count * known.units, known.word};
    right.emplace_back(known.word);
  }
  const auto near = words.size() == 1 ? nearest(words[0], right) : std::string{};
  return Error{fmt::format("'{}' is no period", text),
               near.empty() ? "one of " + joined(right, ", ") + "; or several: 2 weeks"
                            : fmt::format("did you mean `{}`?", near)};
}

/// Collects all errors of one schedule.
class WordsReader {
 public:
  WordsReader(const model::Schedule& from, std::optional<seconds> window_opens,
              model::Diagnostics& out)
      : from_(from), window_opens_(window_opens), out_(out) {}

  std::optional<Words> read() {
    const auto errors = out_.count();
    const auto every = parse_every(**from_.every);
    if (!every) {
      error(from_.every->place, every.error());
      return std::nullopt;
    }
    every_ = *every;
    words_.unit_ = static_cast<Words::Unit>(every_.unit);
    words_.length_ = every_.units;
    read_month();
    read_days();
    read_times();
    read_start();
    return out_.count() == errors ? std::optional{words_} : std::nullopt;
  }

 private:
  void error(const model::Place& place, const Error& e) { out_.error(place, e.what, e.hint); }

  /// Which one of the period's months; a year's may be named.
  void read_month() {
    if (!from_.month) return;
    const auto& month = *from_.month;
    if (every_.unit != Every::Unit::month || every_.units < 3)
      return out_.error(month.place, "`month` is of a quarter, a half-year or a year");
    auto value = number_of(*month);
    if (const auto named = month_named(*month); named && every_.word == "year")
      value = int(unsigned(*named));
    const int most = every_.units / every_.count;
    if (!value || *value < 1 || *value > most)
      return out_.error(month.place, fmt::format("'{}' is no month of a {}", *month, every_.word),
                        every_.word == "year"
                            ? "1 to 12, or its name: march"
                            : fmt::format("1 to {}: the first, the second …", most));
    words_.month_in_period_ = *value - 1;
  }

  void read_days() {
    if (every_.unit == Every::Unit::day) {
      if (!from_.day.empty())
        out_.error(from_.day.front().place, "`day` is of a week or longer",
                   "every: week, day: [monday, thursday]");
      return;
    }
    if (from_.day.empty())
      return out_.error(
          from_.every->place, fmt::format("which day of the {}?", every_.word),
          every_.unit == Every::Unit::week ? "day: monday" : "day: 2nd tuesday, or 15, or last");
    for (const auto& day : from_.day)
      every_.unit == Every::Unit::week ? read_weekday(day) : read_day_of_month(day);
  }

  void read_weekday(const model::Located<std::string>& day) {
    const auto named = weekday_named(*day);
    if (!named)
      return out_.error(day.place, fmt::format("'{}' is no day of a week", *day), "day: monday");
    words_.picks_.push_back({DayPick::Is::weekday, *named, 0});
  }

  void read_day_of_month(const model::Located<std::string>& day) {
    const auto pick = parse_day_of_month(*day);
    if (!pick)
      return out_.error(day.place, fmt::format("'{}' is no day of a month", *day),
                        "15, last, 2nd tuesday, or last friday");
    if (pick->is == DayPick::Is::nth_weekday && pick->number == 5)
      return out_.error(day.place, "not every month has a fifth one",
                        fmt::format("day: last {}", words_of(*day)[1]));
    if (pick->is == DayPick::Is::number) {
      const bool one_month = every_.word == "year" && every_.count == 1;
      const auto month = std::chrono::month{unsigned(words_.month_in_period_) + 1};
      // Of a year without a leap day: what it has, each year has.
      const int most =
          one_month ? int(unsigned((year{1970} / month / last).day())) : kDaysOfEachMonth;
      if (pick->number < 1 || pick->number > 31)
        return out_.error(day.place, fmt::format("'{}' is no day of a month", *day));
      if (pick->number > most)
        return out_.error(
            day.place,
            one_month ? fmt::format("{} has no day {} in each year", name_of(month), pick->number)
                      : fmt::format("not every month has a day {}: months would be "
                                    "left out",
                                    pick->number),
            fmt::format("day: last, or a day up to {}", most));
    }
    words_.picks_.push_back(*pick);
  }

  void read_times() {
    if (window_opens_) {
      if (!from_.at.empty())
        out_.error(from_.at.front().place, "`at` and `window`: the time is drawn in the window",
                   "keep one");
      words_.times_ = {*window_opens_};
      return;
    }
    if (from_.at.empty())
      out_.error(from_.every->place, "at what time of the day?", "at: \"10:00\"");
    if (from_.at.size() > kTimesMax)
      out_.error(from_.at.front().place, fmt::format("more than {} times a day", kTimesMax));
    for (const auto& at : from_.at) {
      const auto time = parse_time_of_day(*at);
      if (!time) error(at.place, time.error());
      if (time &&
          std::find(words_.times_.begin(), words_.times_.end(), *time) != words_.times_.end())
        out_.error(at.place, fmt::format("'{}' stands there twice", *at));
      if (time) words_.times_.push_back(*time);
    }
    std::sort(words_.times_.begin(), words_.times_.end());
  }

  /// With which unit the first of several begins only `start` can say.
  void read_start() {
    if (!from_.start) {
      if (every_.count > 1)
        out_.error(from_.every->place,
                   fmt::format("every {} {}s: from which one on?", every_.count, every_.word),
                   "start: 2027-01-12");
      return;
    }
    const auto start = parse_local(**from_.start);
    if (!start) return error(from_.start->place, start.error());
    words_.start_ = *start;
    if (every_.count == 1) return;
    // A period of several begins with the calendar's own (week, quarter, …) that holds `start`.
    Words one = words_;
    one.length_ = every_.units / every_.count;
    words_.anchor_ = one.period_of(day_of(*start)) * one.length_;
  }

  const model::Schedule& from_;
  std::optional<seconds> window_opens_;
  model::Diagnostics& out_;
  Every every_;
  Words words_;
};

std::optional<Words> Words::parse(const model::Schedule& schedule,
                                  std::optional<seconds> window_opens, model::Diagnostics& out) {
  return WordsReader{schedule, window_opens, out}.read();
}

}  // namespace muster::schedule
