#include "schedule/freeze.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

#include "base/text.hpp"
#include "schedule/calendar_event.hpp"

namespace muster::schedule {

using namespace std::chrono;

namespace {

/// Each question goes through the counted ones from their beginning; to see that a rule never
/// occurs takes half a second.
constexpr int kCountedMax = 100'000;
constexpr int kIdleMax = 20;
/// A clock may be this much behind the one that wrote the file.
constexpr Duration kAheadMax = minutes{5};

std::string upper(std::string_view text) {
  std::string out{text};
  for (auto& c : out) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return out;
}

/// libical takes a file that was cut off for a whole one.
Result<> check_whole(std::string_view bytes) {
  std::vector<std::string> open;
  bool any = false;
  for (const auto& raw : split(bytes, '\n')) {
    const auto line = upper(trimmed(raw));
    if (line.starts_with("BEGIN:")) {
      if (open.empty() && line != "BEGIN:VCALENDAR") return Error{"it is no calendar"};
      open.push_back(line.substr(6));
      any = true;
    } else if (line.starts_with("END:")) {
      if (open.empty() || open.back() != line.substr(4))
        return Error{fmt::format("{} ends what did not begin", printable(bounded(line, 40)))};
      open.pop_back();
    } else if (open.empty() && !line.empty()) {
      return Error{"it is no calendar"};
    }
  }
  if (!any) return Error{"it is no calendar"};
  if (!open.empty()) return Error{"it is cut off: no END:" + printable(bounded(open.back(), 40))};
  return {};
}

/// libical drops what it cannot read, and leaves a note. An empty text of no matter is no error.
Result<> check_notes(icalcomponent* component) {
  constexpr std::string_view kEmpty = "No value for ";
  constexpr std::string_view kMatters[] = {"DTSTART", "DTEND",  "DURATION",   "RRULE",
                                           "RDATE",   "EXDATE", "RECURRENCE", "EXRULE",
                                           "STATUS",  "UID",    "TZ"};
  for (auto* p = icalcomponent_get_first_property(component, ICAL_XLICERROR_PROPERTY); p;
       p = icalcomponent_get_next_property(component, ICAL_XLICERROR_PROPERTY)) {
    const char* note = icalproperty_get_xlicerror(p);
    const std::string text{note ? note : ""};
    const auto matters = [&](std::string_view word) {
      return text.find(word, kEmpty.size()) == kEmpty.size();
    };
    if (!text.starts_with(kEmpty) || std::any_of(std::begin(kMatters), std::end(kMatters), matters))
      return Error{printable(bounded(text, 160))};
  }
  for (auto* c = icalcomponent_get_first_component(component, ICAL_ANY_COMPONENT); c;
       c = icalcomponent_get_next_component(component, ICAL_ANY_COMPONENT))
    if (const auto checked = check_notes(c); !checked) return checked;
  return {};
}

Result<> read_zones(icalcomponent* root, FileZones& zones) {
  for (auto* c = icalcomponent_get_first_component(root, ICAL_VTIMEZONE_COMPONENT); c;
       c = icalcomponent_get_next_component(root, ICAL_VTIMEZONE_COMPONENT)) {
    const auto* id = icalcomponent_get_first_property(c, ICAL_TZID_PROPERTY);
    if (!id) return Error{"a VTIMEZONE without TZID"};
    auto zone = FileZone::parse(c);
    if (!zone) return zone.error();
    zones[icalproperty_get_tzid(id)] = std::make_shared<const FileZone>(*std::move(zone));
  }
  return {};
}

Result<> read_events(icalcomponent* root, std::vector<CalendarEvent>& events) {
  FileZones zones;
  int counted = 0, idle = 0;
  if (const auto read = read_zones(root, zones); !read) return read;
  if (icalcomponent_get_first_component(root, ICAL_VFREEBUSY_COMPONENT))
    return Error{"VFREEBUSY is not read: export events"};
  for (auto* c = icalcomponent_get_first_component(root, ICAL_VEVENT_COMPONENT); c;
       c = icalcomponent_get_next_component(root, ICAL_VEVENT_COMPONENT)) {
    if (events.size() == FreezeCalendar::kEventsMax)
      return Error{fmt::format("more than {} events", FreezeCalendar::kEventsMax)};
    auto event = CalendarEvent::parse(c, zones);
    if (!event) return event.error();
    counted += event->counted;
    idle += event->idle;
    if (counted > kCountedMax || idle > kIdleMax)
      return Error{fmt::format("more than {} counted repetitions, or {} rules that never occur",
                               kCountedMax, kIdleMax)};
    events.push_back(*std::move(event));
  }
  return {};
}

/// One that was moved or cancelled is taken out of its series.
void take_out_replaced(std::vector<CalendarEvent>& events) {
  for (const auto& one : events) {
    if (!one.replaces) continue;
    for (auto& series : events)
      if (!series.replaces && series.uid == one.uid) series.excluded.push_back(*one.replaces);
  }
  std::erase_if(events, [](const auto& event) { return event.cancelled; });
}

}  // namespace

Result<FreezeCalendar> FreezeCalendar::parse(std::string_view bytes) {
  if (bytes.size() > kBytesMax) return Error{fmt::format("larger than {} MiB", kBytesMax >> 20)};
  if (bytes.find('\0') != bytes.npos) return Error{"it is no calendar"};
  if (const auto whole = check_whole(bytes); !whole) return whole.error();
  icalerror_set_errors_are_fatal(0);
  icalerror_clear_errno();
  const Component root{icalparser_parse_string(std::string{bytes}.c_str())};
  icalerror_clear_errno();
  if (!root) return Error{"it is no calendar"};
  if (const auto checked = check_notes(root.get()); !checked) return checked.error();
  std::vector<CalendarEvent> events;
  if (icalcomponent_isa(root.get()) == ICAL_VCALENDAR_COMPONENT) {
    if (const auto read = read_events(root.get(), events); !read) return read.error();
  } else {  // several calendars in one file
    for (auto* c = icalcomponent_get_first_component(root.get(), ICAL_VCALENDAR_COMPONENT); c;
         c = icalcomponent_get_next_component(root.get(), ICAL_VCALENDAR_COMPONENT))
      if (const auto read = read_events(c, events); !read) return read.error();
  }
  take_out_replaced(events);
  FreezeCalendar calendar;
  calendar.events_ = std::make_shared<const std::vector<CalendarEvent>>(std::move(events));
  return calendar;
}

std::vector<FreezeCalendar::Spell> FreezeCalendar::during(const Interval& within,
                                                          const Zone& zone) const {
  std::vector<Spell> spells;
  for (const auto& event : *events_) event.during(within, zone, spells);
  return spells;
}

std::size_t FreezeCalendar::size() const {
  return events_->size();
}

Freezes::Freezes(std::vector<CalendarFile> files) {
  for (auto& file : files) {
    One one{std::move(file), std::nullopt};
    if (one.file.bytes) {
      if (auto calendar = FreezeCalendar::parse(*one.file.bytes))
        one.calendar = *std::move(calendar);
      else
        one.file.trouble = calendar.error().what;
      one.file.bytes = std::string{};
    }
    all_.push_back(std::move(one));
  }
}

std::optional<Frozen> Freezes::trouble_of(const One& one, WallTime now) const {
  const auto& file = one.file;
  const auto frozen = [&](Frozen::Is is, const std::string& why) {
    return Frozen{is, file.name, fmt::format("{}: {}; it counts as frozen", file.name, why), {}};
  };
  if (!file.bytes)
    return frozen(Frozen::Is::missing, "the calendar cannot be read: " + file.trouble);
  if (!one.calendar)
    return frozen(Frozen::Is::unreadable, "the calendar is not understood: " + file.trouble);
  if (file.modified > now + kAheadMax)
    return frozen(Frozen::Is::stale, "the calendar's file is of " + format_utc(file.modified) +
                                         ", which is still to come");
  if (now - file.modified > file.fresh_for)
    return frozen(Frozen::Is::stale, fmt::format("the calendar is {} old, and believed for {}",
                                                 human_duration(now - file.modified),
                                                 format_duration(file.fresh_for)));
  return std::nullopt;
}

std::optional<Frozen> Freezes::frozen_at(WallTime at, WallTime now, const Zone& zone) const {
  for (const auto& one : all_)
    if (auto trouble = trouble_of(one, now)) return trouble;
  std::string calendar;
  std::optional<FreezeCalendar::Spell> longest;
  for (const auto& one : all_) {
    for (auto& spell : one.calendar->during({at, at + Duration{1}}, zone)) {
      if (longest && spell.when.to <= longest->when.to) continue;
      longest = std::move(spell);
      calendar = one.file.name;
    }
  }
  if (!longest) return std::nullopt;
  return Frozen{Frozen::Is::event, calendar,
                fmt::format("{}: {}, until {}", calendar,
                            longest->what.empty() ? "an event without a name" : longest->what,
                            zone.text(longest->when.to)),
                longest->when.to};
}

std::vector<Interval> Freezes::frozen_during(const Interval& within, WallTime now,
                                             const Zone& zone) const {
  std::vector<Interval> frozen;
  for (const auto& one : all_) {
    if (trouble_of(one, now)) return {within};
    for (const auto& spell : one.calendar->during(within, zone)) frozen.push_back(spell.when);
  }
  return merged(std::move(frozen));
}

std::vector<Freezes::Health> Freezes::health(WallTime now) const {
  std::vector<Health> out;
  for (const auto& one : all_)
    out.push_back({one.file.name, one.calendar ? one.calendar->size() : 0, trouble_of(one, now)});
  return out;
}

}  // namespace muster::schedule
