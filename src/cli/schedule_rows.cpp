#include "cli/schedule_rows.hpp"

#include <fmt/format.h>

#include "base/text.hpp"
#include "cli/schedule_text.hpp"
#include "journal/data.hpp"

namespace muster::cli {

using journal::text_in;

namespace {

/// Of drills without `due` too: the dates alone.
schedule::DueState due_state_of(const DrillTimes& times, const DrillPast& past, WallTime now) {
  if (times.table.due) return times.table.due->state(past.tests, now);
  schedule::DueState dates;
  for (const auto& test : past.tests) {
    dates.last_tested = test.at;
    if (test.passed) dates.last_passed = test.at;
  }
  return dates;
}

std::string next_text(const DrillTimes& times, const DrillPast& past,
                      const std::optional<schedule::Occurrence>& next) {
  const auto& plan = times.table.schedule;
  if (!plan) return "not scheduled";
  if (!next) return "none before 2200";
  std::string text = plan->zone().text(next->earliest());
  if (next->is_surprise())
    text += ", drawn until " + plan->zone().text(next->window.to).substr(11, 5);
  if (past.hold)
    text += fmt::format(" (held by {}: {})", past.hold->by, past.hold->why);
  else if (plan->file().hold)
    text += " (held: hold: true)";
  return text;
}

std::string freeze_text(const schedule::Freezes::Health& calendar) {
  if (calendar.trouble) return calendar.trouble->what;
  return fmt::format("{}: {} event{}, believed", calendar.calendar, calendar.events,
                     calendar.events == 1 ? "" : "s");
}

std::string date_in(const Json& row, const char* key) {
  const auto text = text_in(row, key);
  return text.empty() ? "never" : text.substr(0, 10);
}

Json inner(const Json& row, const char* key) {
  return row.is_object() && row.contains(key) ? row.at(key) : Json(nullptr);
}

}  // namespace

Json next_times(const schedule::Schedule& plan, const schedule::Freezes& freezes, WallTime now,
                std::size_t count) {
  Json all = Json::array();
  auto one = plan.next(now);
  for (; one && all.size() < count; one = plan.next(one->nominal))
    all.push_back(occurrence_json(*one, plan.zone(), freezes, now));
  return all;
}

Json times_row(const DrillTimes& times, const DrillPast& past, WallTime now) {
  const auto& plan = times.table.schedule;
  const auto state = due_state_of(times, past, now);
  const auto next = plan ? plan->next(now) : std::nullopt;
  Json row{{"drill", times.table.drill},
           {"title", times.title},
           {"next", nullptr},
           {"when", next_text(times, past, next)},
           {"hold", plan && plan->file().hold},
           {"last_tested", nullptr},
           {"last_passed", nullptr},
           {"due", nullptr}};
  if (next) row["next"] = occurrence_json(*next, plan->zone(), times.freezes, now);
  if (past.hold) row["held"] = {{"by", past.hold->by}, {"why", past.hold->why}};
  if (state.last_tested) row["last_tested"] = format_utc(*state.last_tested);
  if (state.last_passed) row["last_passed"] = format_utc(*state.last_passed);
  if (const auto& due = times.table.due) {
    row["due"] = due_json(state);
    row["due"]["rule"] = due->text();
    row["due"]["text"] = due_text(state, due->zone());
  }
  return row;
}

Json times_in_full(const DrillTimes& times, const DrillPast& past, WallTime now,
                   std::size_t count) {
  const auto& plan = times.table.schedule;
  Json full = times_row(times, past, now);
  full["rule"] = plan ? Json(schedule_text(*plan)) : Json(nullptr);
  full["times"] = plan ? next_times(*plan, times.freezes, now, count) : Json::array();
  full["freezes"] = Json::array();
  for (const auto& calendar : times.freezes.health(now))
    full["freezes"].push_back(freeze_text(calendar));
  return full;
}

std::string rows_head() {
  return fmt::format("{:<24} {:<10} {:<11} {:<11} {}", "DRILL", "DUE", "TESTED", "PASSED", "NEXT");
}

std::string row_text(const Json& row) {
  const auto state = text_in(inner(row, "due"), "state");
  auto text = fmt::format("{:<24} {:<10} {:<11} {:<11} {}", text_in(row, "drill"),
                          state.empty() ? "-" : state, date_in(row, "last_tested"),
                          date_in(row, "last_passed"), text_in(row, "when"));
  if (const auto way = text_in(inner(row, "next"), "in_the_way"); !way.empty())
    text += "\n    in the way: " + way;
  if (const auto waits = text_in(row, "waits"); !waits.empty())
    text += "\n    is due, and waits: " + waits;
  return printable(text);
}

std::string full_text(const Json& full) {
  std::string text =
      fmt::format("{}: {}\n{}next      {}", text_in(full, "drill"), text_in(full, "title"),
                  text_in(full, "rule"), text_in(full, "when"));
  for (const auto& calendar : inner(full, "freezes"))
    if (calendar.is_string()) text += "\nfreeze    " + calendar.get<std::string>();
  if (const auto waits = text_in(full, "waits"); !waits.empty()) text += "\nwaits     " + waits;
  if (const auto missed = inner(full, "missed"); missed.is_object())
    text +=
        fmt::format("\nmissed    {} so far, the newest at {}: {}", inner(missed, "count").dump(),
                    text_in(missed, "at"), text_in(missed, "why"));
  if (const auto due = inner(full, "due"); due.is_object())
    text += fmt::format("\ndue       {}\n          {}", text_in(due, "rule"), text_in(due, "text"));
  text += fmt::format("\ntested    {}\npassed    {}", date_in(full, "last_tested"),
                      date_in(full, "last_passed"));
  return printable(text);
}

std::string overdue_text(const Json& row) {
  return printable(fmt::format("{}: {}; last tested {}, last passed {}", text_in(row, "drill"),
                               text_in(inner(row, "due"), "text"), date_in(row, "last_tested"),
                               date_in(row, "last_passed")));
}

bool is_overdue(const Json& row) {
  return text_in(inner(row, "due"), "state") == name_of(schedule::DueState::Is::overdue);
}

}  // namespace muster::cli
