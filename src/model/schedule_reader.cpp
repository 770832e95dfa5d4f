#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "config/scalar.hpp"
#include "model/schedule.hpp"

namespace muster::model {
namespace {

constexpr std::size_t kListMax = 32;
constexpr Duration kStartWithinMax = std::chrono::days{1};
constexpr Duration kGraceMax = std::chrono::days{366};

using LocatedTexts = std::vector<Located<std::string>>;

/// One text, or a list of them.
LocatedTexts read_texts(const config::Node* node, std::string_view key, Diagnostics& out) {
  LocatedTexts texts;
  if (!node) return texts;
  const auto add = [&](const config::Node& one) {
    if (auto text = config::read<std::string>(one, out)) texts.push_back({*text, one.place});
  };
  if (!node->is_sequence()) {
    add(*node);
    return texts;
  }
  if (node->items.empty() || node->items.size() > kListMax)
    out.error(node->place, fmt::format("`{}` takes 1 to {} entries, found {}", key, kListMax,
                                       node->items.size()));
  else
    for (const auto& item : node->items) add(item);
  return texts;
}

std::vector<Located<Duration>> read_announce(const config::Node* node, Diagnostics& out) {
  std::vector<Located<Duration>> times;
  if (!node) return times;
  if (!node->is_sequence()) {
    out.error(node->place, "expected a list of durations, found " + config::description(*node),
              "announce: [7d, 1d, 15m]");
    return times;
  }
  if (node->items.size() > kListMax)
    out.error(node->place, fmt::format("more than {} announcements", kListMax));
  for (const auto& item : node->items) {
    const auto time = config::read<Duration>(item, out);
    if (!time) continue;
    if (!times.empty() && *times.back() <= *time)
      out.error(item.place, "announcements stand in order, the longest first",
                "announce: [7d, 1d, 15m]");
    times.push_back({*time, item.place});
  }
  return times;
}

/// `none` alone, or names.
std::optional<LocatedTexts> read_freeze(const config::Node* node, Diagnostics& out) {
  if (!node) return std::nullopt;
  auto names = read_texts(node, "freeze", out);
  if (!node->is_sequence() && names.size() == 1 && *names.front() == "none") return LocatedTexts{};
  return names;
}

After read_after(const config::Node& node, Diagnostics& out) {
  config::Map map{node, after_shape(), out};
  After after;
  const auto drill = map.required_located<config::Name>("drill");
  after.drill = {drill.value.text, drill.place};
  after.result = map.word<After::Result>(
      "result", {{"passed", After::Result::passed}, {"tested", After::Result::tested}});
  after.within = map.required_located<Duration>("within");
  if (map.has("within") && *after.within == Duration{})
    out.error(after.within.place, "`within` must be above zero");
  map.finish();
  return after;
}

/// What is of one way to say it only.
void check_ways(const config::Map& map, const std::string& chosen, Diagnostics& out) {
  if (chosen.empty()) return;
  for (const auto* key : {"day", "month", "at"})
    if (chosen != "every" && map.has(key))
      out.error(map.key_place(key), fmt::format("`{}` is of a schedule with `every`", key));
  if (chosen == "cron" && map.has("start"))
    out.error(map.key_place("start"), "`start` is of a schedule with `rrule` or `every`");
  if (chosen == "rrule" && !map.has("start"))
    out.error(map.place(), "a schedule with `rrule` needs `start`",
              "its DTSTART, as a local time: start: 2027-01-12T10:00");
}

}  // namespace

Schedule read_schedule(const config::Node& node, Diagnostics& out) {
  config::Map map{node, schedule_shape(), out};
  Schedule schedule;
  schedule.place = node.place;
  schedule.cron = map.located<std::string>("cron");
  schedule.rrule = map.located<std::string>("rrule");
  schedule.every = map.located<std::string>("every");
  schedule.day = read_texts(map.get("day"), "day", out);
  if (const auto* month = map.get("month"))
    if (auto text = config::read<std::string>(*month, out))
      schedule.month = {{*text, month->place}};
  schedule.at = read_texts(map.get("at"), "at", out);
  schedule.start = map.located<std::string>("start");
  check_ways(map, map.chosen(), out);
  schedule.timezone = map.required_located<std::string>("timezone");
  schedule.window = map.located<std::string>("window");
  schedule.missed = map.word<Missed>(
      "missed", {{"skip", Missed::skip}, {"run_once", Missed::run_once}, {"ask", Missed::ask}});
  schedule.start_within = {map.or_default<Duration>("start_within"),
                           map.value_place("start_within")};
  if (*schedule.start_within == Duration{} || *schedule.start_within > kStartWithinMax)
    out.error(schedule.start_within.place, "`start_within` is above zero and at most 1d");
  schedule.overlap = map.word<Overlap>(
      "overlap", {{"forbid", Overlap::forbid}, {"queue_one", Overlap::queue_one}});
  schedule.gap = map.word<Gap>("gap", {{"shift", Gap::shift}, {"skip", Gap::skip}});
  schedule.announce = read_announce(map.get("announce"), out);
  schedule.freeze = read_freeze(map.get("freeze"), out);
  if (const auto* after = map.get("after")) schedule.after = read_after(*after, out);
  schedule.hold = map.or_default<bool>("hold");
  map.finish();
  return schedule;
}

std::optional<Due> read_due(const config::Node& node, Diagnostics& out) {
  Due due;
  if (!node.is_map()) {
    const auto text = config::read<std::string>(node, out);
    if (!text) return std::nullopt;
    constexpr std::string_view kEvery = "every ";
    due.every = {
        text->starts_with(kEvery) ? std::string{trimmed(text->substr(kEvery.size()))} : *text,
        node.place};
    due.grace = std::chrono::days{7};
    return due;
  }
  config::Map map{node, due_shape(), out};
  due.every = map.required_located<std::string>("every");
  due.grace = map.or_default<Duration>("grace");
  if (due.grace > kGraceMax) out.error(map.value_place("grace"), "`grace` is at most 366d");
  due.from = map.located<std::string>("from");
  due.timezone = map.located<std::string>("timezone");
  map.finish();
  return due;
}

void check_order(const std::vector<Order>& orders, const std::vector<std::string>& drills,
                 Diagnostics& out) {
  const auto of = [&](const std::string& drill) {
    return std::find_if(orders.begin(), orders.end(),
                        [&](const auto& order) { return order.drill == drill; });
  };
  for (const auto& order : orders) {
    const auto& wanted = order.after.drill;
    if (std::find(drills.begin(), drills.end(), *wanted) == drills.end()) {
      out.unknown(wanted.place, fmt::format("there is no drill `{}`", *wanted), *wanted, drills);
      continue;
    }
    std::string way = order.drill;
    auto next = of(order.drill);
    for (std::size_t steps = 0; next != orders.end() && steps <= orders.size(); ++steps) {
      way += " after " + *next->after.drill;
      if (*next->after.drill == order.drill) {
        out.error(wanted.place, fmt::format("a drill that waits for itself: {}", way),
                  "remove one `after` of that way");
        break;
      }
      next = of(*next->after.drill);
    }
  }
}

}  // namespace muster::model
