#include "report/words.hpp"

#include <fmt/format.h>

#include <array>

namespace muster::report {

using measure::ObjectiveKind;

std::string_view title_of(ObjectiveKind kind) {
  constexpr std::array<std::string_view, 7> titles{"recovery time (RTO)",
                                                   "recovery point (RPO)",
                                                   "lost acknowledged writes",
                                                   "technical restore time",
                                                   "data age",
                                                   "time until all work is done (MTPD)",
                                                   "time to detect (TTD)"};
  return titles[static_cast<std::size_t>(kind)];
}

std::string limit_text(Duration d) {
  using namespace std::chrono_literals;
  if (d > 0s && d % 1h == 0s) return fmt::format("{} h", d / 1h);
  if (d > 0s && d % 1min == 0s) return fmt::format("{} min", d / 1min);
  if (d % 1s == 0s) return fmt::format("{} s", d / 1s);
  return human_duration(d);
}

std::string interval_text(const measure::Interval& i) {
  if (!i.hi || *i.hi == i.lo || human_duration(i.lo) != human_duration(*i.hi))
    return human_interval(i);
  const auto exact = [](Duration d) {
    const std::int64_t ms = ns(d) / 1'000'000;
    if (ms < 60'000) return fmt::format("{}.{:03} s", ms / 1000, ms % 1000);
    if (ms < 3'600'000)
      return fmt::format("{} min {:02}.{:03} s", ms / 60'000, ms / 1000 % 60, ms % 1000);
    return fmt::format("{} h {:02} min {:02}.{:03} s", ms / 3'600'000, ms / 60'000 % 60,
                       ms / 1000 % 60, ms % 1000);
  };
  const auto lo = exact(i.lo), hi = exact(*i.hi);
  return lo == hi ? human_interval(i) : lo + " to " + hi;
}

std::string label_of(const measure::Judgement& j) {
  const auto& of = j.alert.empty() ? j.service : j.alert;
  return of.empty() ? std::string{title_of(j.kind)} : fmt::format("{}: {}", of, title_of(j.kind));
}

std::string label_of(const Detection& d) {
  if (d.by_person) return d.alert.empty() ? "a person" : "a person, by the alert " + d.alert;
  return "the alert " + d.alert;
}

std::string limit_of(const measure::Judgement& j) {
  if (j.objective) return limit_text(*j.objective);
  if (j.lost_max)
    return fmt::format("{} write{}", grouped(*j.lost_max), *j.lost_max == 1 ? "" : "s");
  return "none declared";
}

std::string actual_of(const measure::Judgement& j) {
  if (j.actual) return interval_text(*j.actual);
  if (j.lost) return fmt::format("{} write{}", grouped(*j.lost), *j.lost == 1 ? "" : "s");
  return "not measured";
}

std::string_view word_of(measure::Met met) {
  constexpr std::array<std::string_view, 4> words{"met", "missed", "not settled", "unknown"};
  return words[static_cast<std::size_t>(met)];
}

std::string grouped(std::uint64_t n) {
  std::string digits = std::to_string(n);
  for (std::size_t at = digits.size(); at > 3; at -= 3) digits.insert(at - 3, ",");
  return digits;
}

std::string share_of(const measure::Quality& q) {
  if (q.probes == 0) return "–";
  const std::uint64_t tenths = q.good * 1000 / q.probes;
  return fmt::format("{}.{} %", tenths / 10, tenths % 10);
}

std::string seconds_text(Duration d) {
  const std::int64_t ms = ns(d) / 1'000'000;
  return fmt::format("{}.{:03}", ms / 1000, ms % 1000);
}

}  // namespace muster::report
