#include "cli/schedule_text.hpp"

#include <fmt/format.h>

#include "base/text.hpp"

namespace muster::cli {

using namespace std::chrono;
using schedule::DueState;
using schedule::Occurrence;
using schedule::Zone;

namespace {

std::string utc_minutes(WallTime at) {
  auto text = format_utc(at).substr(0, 16);
  text[10] = ' ';
  return text + " UTC";
}

std::string_view weekday_of(WallTime at, const Zone& zone) {
  return schedule::name_of(weekday{schedule::day_of(zone.local(at))});
}

std::string clock_text(const Occurrence& one) {
  const auto at = schedule::format_time_of_day(schedule::time_of_day(one.nominal));
  switch (one.clock) {
    case Zone::Resolved::Is::left_out:
      return fmt::format("the clock is set forward: {} is left out, so it is later", at);
    case Zone::Resolved::Is::twice:
      return fmt::format("the clock is set back: the first of two {}", at);
    case Zone::Resolved::Is::once:
      break;
  }
  return {};
}

std::optional<std::string> optional_utc(const std::optional<WallTime>& at) {
  return at ? std::optional{format_utc(*at)} : std::nullopt;
}

Json json_of(const std::optional<std::string>& text) {
  return text ? Json(*text) : Json(nullptr);
}

std::string announce_text(const model::Schedule& file) {
  std::vector<std::string> times;
  for (const auto& time : file.announce) times.push_back(format_duration(*time));
  return times.empty() ? "nobody is told" : joined(times, ", ") + " before";
}

std::string rule_line(const model::Schedule& file) {
  if (file.cron) return "cron      " + **file.cron;
  if (file.rrule) return fmt::format("rrule     {}, from {}", **file.rrule, **file.start);
  std::vector<std::string> days, times;
  for (const auto& day : file.day) days.push_back(*day);
  for (const auto& at : file.at) times.push_back(*at);
  std::string text = "every     " + **file.every;
  if (file.month) text += ", month " + **file.month;
  if (!days.empty()) text += ", " + joined(days, " and ");
  if (!times.empty()) text += ", at " + joined(times, " and ");
  if (file.start) text += ", from " + **file.start;
  return text;
}

}  // namespace

std::string in_the_way(const Occurrence& one, const Zone& zone, const schedule::Freezes& freezes,
                       WallTime now) {
  if (!one.is_surprise()) {
    const auto frozen = freezes.frozen_at(*one.planned, now, zone);
    return frozen ? frozen->what : "";
  }
  const auto frozen = freezes.frozen_during(one.window, now, zone);
  if (frozen.empty()) return {};
  const auto left = schedule::without(one.window, frozen);
  if (left.empty()) {
    const auto why = freezes.frozen_at(one.window.from, now, zone);
    return why ? why->what : "the whole window is frozen";
  }
  std::vector<std::string> parts;
  for (const auto& part : left)
    parts.push_back(fmt::format("{} to {}", zone.text(part.from).substr(11, 5),
                                zone.text(part.to).substr(11, 5)));
  return "partly frozen: left is " + joined(parts, ", ");
}

std::string occurrence_text(const Occurrence& one, const Zone& zone,
                            const schedule::Freezes& freezes, WallTime now) {
  std::string text;
  if (one.is_surprise())
    text = fmt::format("{} {}, drawn before {}   {} to {}", weekday_of(one.window.from, zone),
                       zone.text(one.window.from), zone.text(one.window.to).substr(11, 5),
                       utc_minutes(one.window.from), utc_minutes(one.window.to).substr(11));
  else
    text = fmt::format("{} {}   {}", weekday_of(*one.planned, zone), zone.text(*one.planned),
                       utc_minutes(*one.planned));
  if (const auto clock = clock_text(one); !clock.empty()) text += "\n    " + clock;
  if (const auto way = in_the_way(one, zone, freezes, now); !way.empty())
    text += "\n    in the way: " + way;
  return text;
}

Json occurrence_json(const Occurrence& one, const Zone& zone, const schedule::Freezes& freezes,
                     WallTime now) {
  const auto way = in_the_way(one, zone, freezes, now);
  const char* clock = one.clock == Zone::Resolved::Is::once       ? "once"
                      : one.clock == Zone::Resolved::Is::left_out ? "left_out"
                                                                  : "twice";
  Json out{{"nominal", schedule::format_local(one.nominal)},
           {"timezone", zone.name()},
           {"clock", clock},
           {"planned", json_of(optional_utc(one.planned))},
           {"local", one.planned ? Json(zone.text(*one.planned)) : Json(nullptr)},
           {"in_the_way", way.empty() ? Json(nullptr) : Json(way)},
           {"text", occurrence_text(one, zone, freezes, now)}};
  if (!one.drill.empty()) out["drill"] = one.drill;
  if (one.is_surprise())
    out["window"] = {{"from", format_utc(one.window.from)}, {"to", format_utc(one.window.to)}};
  return out;
}

std::string_view name_of(DueState::Is is) {
  switch (is) {
    case DueState::Is::ok:
      return "ok";
    case DueState::Is::due:
      return "due";
    case DueState::Is::overdue:
      return "overdue";
  }
  return "?";
}

std::string due_text(const DueState& state, const Zone& zone) {
  if (!state.overdue_from) return fmt::format("overdue: {}", state.period);
  switch (state.is) {
    case DueState::Is::ok:
      return fmt::format("ok until {} ({} is next)", zone.text(*state.due_from), state.period);
    case DueState::Is::due:
      return fmt::format("due, in time until {} ({})", zone.text(*state.overdue_from),
                         state.period);
    case DueState::Is::overdue:
      break;
  }
  return fmt::format("overdue since {} ({})", zone.text(*state.overdue_from), state.period);
}

Json due_json(const DueState& state) {
  return {{"state", name_of(state.is)},
          {"period", state.period},
          {"due_from", json_of(optional_utc(state.due_from))},
          {"overdue_from", json_of(optional_utc(state.overdue_from))}};
}

std::string schedule_text(const schedule::Schedule& schedule) {
  const auto& file = schedule.file();
  std::string text = rule_line(file) + "\n";
  const auto line = [&](std::string_view key, std::string_view value) {
    text += fmt::format("{:<10}{}\n", key, value);
  };
  line("timezone", schedule.zone().name());
  if (file.window) line("window", **file.window + ", the time is drawn in it");
  constexpr std::string_view kMissed[] = {"skip", "run_once", "ask"};
  line("missed",
       fmt::format("{}, when not started within {}", kMissed[static_cast<std::size_t>(file.missed)],
                   format_duration(*file.start_within)));
  line("overlap", file.overlap == model::Overlap::forbid ? "forbid" : "queue_one");
  line("gap", file.gap == model::Gap::shift ? "shift" : "skip");
  line("announce", announce_text(file));
  if (file.after)
    line("after",
         fmt::format("{} {}, within {}", *file.after->drill,
                     file.after->result == model::After::Result::passed ? "passed" : "was tested",
                     format_duration(*file.after->within)));
  if (file.hold) line("hold", "true: nothing starts by itself");
  return text;
}

}  // namespace muster::cli
