#include "schedule/recurrence.hpp"

#include <fmt/format.h>

namespace muster::schedule {
namespace {

using std::chrono::seconds;

const char* const kOnceADay = "the window says when on its day: let the rule say one time a day";

std::optional<Cron> read_cron(const model::Schedule& from, bool window, model::Diagnostics& out) {
  const auto cron = Cron::parse(**from.cron);
  if (!cron) {
    out.error(from.cron->place, cron.error().what, cron.error().hint);
    return std::nullopt;
  }
  if (!cron->next(kFirst - seconds{1}))
    out.error(from.cron->place, "there is no such day: this never occurs");
  if (window && !cron->once_a_day())
    out.error(from.cron->place, "a window, and several times a day", kOnceADay);
  return *cron;
}

std::optional<Rrule> read_rrule(const model::Schedule& from, bool window, model::Diagnostics& out) {
  if (!from.start) return std::nullopt;  // reported where it was read
  const auto start = parse_local(**from.start);
  if (!start) {
    out.error(from.start->place, start.error().what, start.error().hint);
    return std::nullopt;
  }
  const auto rule = Rrule::parse(**from.rrule, *start);
  if (!rule) {
    out.error(from.rrule->place, rule.error().what, rule.error().hint);
    return std::nullopt;
  }
  // RFC 5545 leaves undefined what a DTSTART means that the rule does not hit.
  const auto first = rule->next(*start - seconds{1});
  if (!first)
    out.error(from.rrule->place, fmt::format("never occurs from {} on", format_local(*start)));
  else if (*first != *start)
    out.error(from.start->place, fmt::format("{} is no time of the rule", format_local(*start)),
              fmt::format("the first one from there on: start: {}", format_local(*first)));
  if (window && !rule->once_a_day())
    out.error(from.rrule->place, "a window, and several times a day", kOnceADay);
  return *rule;
}

}  // namespace

std::optional<Recurrence> Recurrence::parse(const model::Schedule& schedule,
                                            std::optional<seconds> window_opens,
                                            model::Diagnostics& out) {
  const auto errors = out.count();
  std::optional<Rule> rule;
  if (schedule.cron) {
    if (const auto cron = read_cron(schedule, window_opens.has_value(), out)) rule = *cron;
  } else if (schedule.rrule) {
    if (const auto rrule = read_rrule(schedule, window_opens.has_value(), out)) rule = *rrule;
  } else if (schedule.every) {
    if (const auto words = Words::parse(schedule, window_opens, out)) rule = *words;
  }
  if (!rule || out.count() != errors) return std::nullopt;
  return Recurrence{*std::move(rule)};
}

std::optional<LocalTime> Recurrence::next(LocalTime after) const {
  return std::visit([&](const auto& rule) { return rule.next(after); }, rule_);
}

}  // namespace muster::schedule
