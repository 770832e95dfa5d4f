// Seconds of one processor for the next occurrence of each of 10,000 schedules, in its zone,
// against the named limit of the same run: libical alone, on the same rules without a zone, told to
// begin near. From DTSTART on, as programs commonly do it, is printed too.
//
//   cmake --preset release && cmake --build --preset release --target bench_schedule
//   build/release/bench/bench_schedule [SCHEDULES]
//
// Reading the schedules is printed too: it happens once.
#include <fmt/format.h>
#include <libical/ical.h>

#include <cstdlib>
#include <ctime>
#include <string>
#include <vector>

#include "config/yaml.hpp"
#include "schedule/schedule.hpp"

using namespace muster;
using namespace muster::schedule;

namespace {

constexpr int kSchedules = 10'000;
const char* const kZones[] = {"Europe/Berlin", "America/New_York", "Asia/Kolkata",
                              "Australia/Lord_Howe", "UTC"};

/// The same dates, as words, as cron and as a rule; started years ago.
struct Same {
  std::string keys, rule, start;
};
Same one_of(int i) {
  const int day = 1 + i % 28, hour = i % 24;
  switch (i % 3) {
    case 0:
      return {fmt::format("every: month, day: {}, at: '{:02}:00'", day, hour),
              fmt::format("FREQ=MONTHLY;BYMONTHDAY={}", day),
              fmt::format("202001{:02}T{:02}0000", day, hour)};
    case 1:
      return {fmt::format("cron: 0 {} {} * *", hour, day),
              fmt::format("FREQ=MONTHLY;BYMONTHDAY={}", day),
              fmt::format("202001{:02}T{:02}0000", day, hour)};
    default:
      return {fmt::format("rrule: FREQ=MONTHLY;BYMONTHDAY={}, start: 2020-01-{:02}T{:02}:00", day,
                          day, hour),
              fmt::format("FREQ=MONTHLY;BYMONTHDAY={}", day),
              fmt::format("202001{:02}T{:02}0000", day, hour)};
  }
}

std::optional<Schedule> compiled(const std::string& keys, const char* zone) {
  config::Diagnostics out;
  const auto text = "{" + keys + ", timezone: " + zone + "}\n";
  const auto source = config::make_source("bench", text, config::Dialect::strict, out);
  const auto node =
      source ? config::parse_yaml(source, config::Dialect::strict, out) : std::nullopt;
  if (!node) return std::nullopt;
  return Schedule::compile("d", model::read_schedule(*node, out), out);
}

template <class F>
double seconds_of(F f) {
  const std::clock_t begin = std::clock();
  f();
  return static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC;
}

}  // namespace

int main(int argc, char** argv) {
  const int count = argc > 1 ? std::atoi(argv[1]) : kSchedules;
  const WallTime now = parse_utc("2027-06-15T12:00:00Z").value();
  std::vector<Schedule> schedules;
  const double reading = seconds_of([&] {
    for (int i = 0; i < count; ++i)
      if (auto one = compiled(one_of(i).keys, kZones[i % 5])) schedules.push_back(*std::move(one));
  });
  std::vector<LocalTime> ours, theirs;
  const double next = seconds_of([&] {
    for (const auto& one : schedules) ours.push_back(one.next(now)->nominal);
  });
  std::vector<std::pair<icalrecurrencetype, icaltimetype>> rules;
  for (int i = 0; i < count; ++i) {
    const auto same = one_of(i);
    rules.emplace_back(icalrecurrencetype_from_string(same.rule.c_str()),
                       icaltime_from_string(same.start.c_str()));
  }
  const auto by_libical = [&](bool near) {
    theirs.clear();
    for (int i = 0; i < count; ++i) {
      const auto local = schedules[static_cast<std::size_t>(i)].zone().local(now);
      auto* iterator = icalrecur_iterator_new(rules[static_cast<std::size_t>(i)].first,
                                              rules[static_cast<std::size_t>(i)].second);
      if (near) icalrecur_iterator_set_start(iterator, icaltime_from_string("20270614T000000"));
      LocalTime at{};
      while (at <= local) {
        const auto found = icalrecur_iterator_next(iterator);
        at = std::chrono::local_days{std::chrono::year{found.year} / found.month / found.day} +
             std::chrono::hours{found.hour};
      }
      icalrecur_iterator_free(iterator);
      theirs.push_back(at);
    }
  };
  const double from_start = seconds_of([&] { by_libical(false); });
  const double peer = seconds_of([&] { by_libical(true); });
  if (ours != theirs) return fmt::print("they differ\n"), 1;
  fmt::print("{} schedules\n", schedules.size());
  fmt::print("libical alone, no zone       {:7.3f} s   1.00\n", peer);
  fmt::print("libical alone, from DTSTART  {:7.3f} s  {:5.2f}\n", from_start, from_start / peer);
  fmt::print("the next of each, in a zone  {:7.3f} s  {:5.2f}\n", next, next / peer);
  fmt::print("reading them, once           {:7.3f} s  {:5.2f}\n", reading, reading / peer);
  return 0;
}
