#include "model/calendars.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "config/map.hpp"

namespace muster::model {
namespace {

constexpr std::size_t kCalendarsMax = 50;

std::vector<Environment> read_environments(const config::Node& node, Diagnostics& out) {
  constexpr Environment kAll[] = {Environment::production, Environment::staging, Environment::lab};
  std::vector<std::string> right;
  for (const auto one : kAll) right.emplace_back(to_string(one));
  std::vector<Environment> found;
  if (!node.is_sequence()) {
    out.error(node.place, "expected a list of environments, found " + config::description(node),
              "applies_to: [production]");
    return found;
  }
  for (const auto& item : node.items) {
    const auto text = config::read<std::string>(item, out);
    if (!text) continue;
    const auto at = std::find(right.begin(), right.end(), *text);
    if (at == right.end())
      out.unknown(item.place, fmt::format("`{}` is no environment", *text), *text, right);
    else
      found.push_back(kAll[at - right.begin()]);
  }
  if (node.items.empty())
    out.error(node.place, "a calendar that applies to nothing", "remove it, or the key");
  return found;
}

}  // namespace

const config::Shape& calendars_file_shape() {
  using namespace config;
  static const Shape shape = [] {
    Shape one;
    one.name = "calendars";
    one.what = "a file of calendars";
    one.help = "When nothing may be injected (docs/schedule.md).";
    one.keys = {{"calendars", named(map(calendar_shape)), kOptional, "by name"}};
    return one;
  }();
  return shape;
}

const config::Shape& calendar_shape() {
  using namespace config;
  static const Shape shape = [] {
    Shape one;
    one.name = "calendar";
    one.what = "a calendar";
    one.help = "A file in iCalendar (.ics): while one of its events lasts, nothing is injected.";
    one.keys = {{"file", text(), kRequired, "its path, absolute or from the workspace"},
                {"fresh_for", duration(), kRequired,
                 "how old the file may be, by its time of modification; then it counts as frozen"},
                {"applies_to", list(word({"production", "staging", "lab"}), 1), kOptional,
                 "the environments of hosts that it binds; all when not given"}};
    return one;
  }();
  return shape;
}

bool Calendar::applies(Environment environment) const {
  return applies_to.empty() ||
         std::find(applies_to.begin(), applies_to.end(), environment) != applies_to.end();
}

const Calendar* Calendars::find(std::string_view name) const {
  for (const auto& one : all)
    if (*one.name == name) return &one;
  return nullptr;
}

std::vector<std::string> Calendars::names() const {
  std::vector<std::string> names;
  for (const auto& one : all) names.push_back(*one.name);
  return names;
}

void read_calendars(const config::Node& node, Calendars& calendars, Diagnostics& out) {
  if (!node.is_map())
    return out.error(node.place, "expected calendars (a map), found " + config::description(node));
  for (const auto& entry : node.entries) {
    config::Map map{entry.value, calendar_shape(), out};
    Calendar calendar;
    calendar.name = {entry.key, entry.place};
    if (!config::is_name(entry.key) || entry.key == "none")
      out.error(entry.place, fmt::format("`{}` is not a name for a calendar", entry.key));
    calendar.file = map.required_located<std::string>("file");
    calendar.fresh_for = map.required<Duration>("fresh_for");
    if (map.has("fresh_for") && calendar.fresh_for == Duration{})
      out.error(map.value_place("fresh_for"), "`fresh_for` must be above zero");
    if (const auto* environments = map.get("applies_to"))
      calendar.applies_to = read_environments(*environments, out);
    map.finish();
    if (calendars.all.size() == kCalendarsMax)
      return out.error(entry.place, fmt::format("more than {} calendars", kCalendarsMax));
    calendars.all.push_back(std::move(calendar));
  }
}

}  // namespace muster::model
