#include "schedule/schedule.hpp"

#include <fmt/format.h>

#include "base/text.hpp"

namespace muster::schedule {

using namespace std::chrono;

namespace {

constexpr seconds kWindowMin = minutes{15};
/// A clock is set forward by a day at most (Samoa, 30 December 2011).
constexpr seconds kShiftMax = hours{25};

std::optional<Zone> read_zone(const model::Located<std::string>& name, model::Diagnostics& out) {
  if (name->empty()) return std::nullopt;  // reported where it was read
  const auto zone = Zone::find(*name);
  if (zone) return *zone;
  out.error(name.place, zone.error().what, zone.error().hint);
  return std::nullopt;
}

}  // namespace

std::string id_of(const Occurrence& occurrence) {
  return occurrence.drill + "@" + format_local(occurrence.nominal);
}

Schedule::Schedule(std::string drill, model::Schedule from, Zone zone, Recurrence rule,
                   std::optional<Daily> window)
    : drill_(std::move(drill)),
      from_(std::move(from)),
      zone_(std::move(zone)),
      rule_(std::move(rule)),
      window_(window) {}

std::optional<Schedule::Daily> Schedule::read_window(const model::Schedule& from,
                                                     model::Diagnostics& out) {
  if (!from.window) return std::nullopt;
  const auto& [text, place] = *from.window;
  const auto dash = text.find('-');
  const std::string_view all{text};
  const auto opens = parse_time_of_day(trimmed(all.substr(0, dash)));
  const auto closes =
      parse_time_of_day(dash == text.npos ? all : trimmed(all.substr(dash + 1)), true);
  if (!opens || !closes) {
    out.error(place, fmt::format("'{}' is no window", text), "window: 09:00-16:00");
    return std::nullopt;
  }
  if (*closes <= *opens)
    out.error(place, "a window ends later on the same day", "window: 09:00-16:00");
  else if (*closes - *opens < kWindowMin)
    out.error(place, "a window shorter than 15m surprises nobody", "make it longer, or write `at`");
  return Daily{*opens, *closes};
}

std::optional<Schedule> Schedule::compile(const std::string& drill, const model::Schedule& from,
                                          model::Diagnostics& out) {
  const auto errors = out.count();
  const auto zone = read_zone(from.timezone, out);
  const auto window = read_window(from, out);
  const auto rule =
      Recurrence::parse(from, window ? std::optional{window->from} : std::nullopt, out);
  if (!zone || !rule || out.count() != errors) return std::nullopt;
  return Schedule{drill, from, *zone, *rule, window};
}

std::optional<Occurrence> Schedule::occurrence_at(LocalTime nominal) const {
  Occurrence out;
  out.drill = drill_;
  out.nominal = nominal;
  if (window_) {
    // The day's, also where the rule itself names another time of it.
    const auto day = day_of(nominal);
    out.window = {zone_.resolve(day + window_->from).at, zone_.resolve(day + window_->to).last};
    return out.window.from < out.window.to ? std::optional{out} : std::nullopt;
  }
  const auto resolved = zone_.resolve(nominal);
  out.clock = resolved.is;
  if (resolved.is == Zone::Resolved::Is::left_out &&
      (from_.gap == model::Gap::skip || rule_.occurs(zone_.local(resolved.at))))
    return std::nullopt;
  out.planned = resolved.at;
  out.window = {resolved.at, resolved.at};
  return out;
}

std::optional<Occurrence> Schedule::next(LocalTime after) const {
  while (const auto nominal = rule_.next(after)) {
    if (auto occurrence = occurrence_at(*nominal)) return occurrence;
    after = *nominal;  // left out: ever further, until kEnd
  }
  return std::nullopt;
}

std::optional<Occurrence> Schedule::next(WallTime after) const {
  auto occurrence = next(zone_.local(after) - kShiftMax);
  while (occurrence && occurrence->window.to <= after) occurrence = next(occurrence->nominal);
  return occurrence;
}

void draw(Occurrence& occurrence, std::string_view seed, const Freezes& freezes, WallTime now,
          const Zone& zone) {
  if (!occurrence.is_surprise()) return;
  Surprise surprise;
  surprise.key = surprise_key(seed, occurrence.drill, occurrence.nominal);
  surprise.commitment = surprise_commitment(surprise.key);
  surprise.permitted =
      without(occurrence.window, freezes.frozen_during(occurrence.window, now, zone));
  occurrence.planned = surprise_time(surprise.key, surprise.permitted);
  if (!occurrence.planned) return;
  surprise.planned = *occurrence.planned;
  occurrence.surprise = std::move(surprise);
}

}  // namespace muster::schedule
