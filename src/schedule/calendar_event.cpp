#include "schedule/calendar_event.hpp"

#include <fmt/format.h>

#include "base/text.hpp"
#include "schedule/ical.hpp"

namespace muster::schedule {

using namespace std::chrono;

namespace {

constexpr std::size_t kSummaryMax = 200;
/// More than any zone is away from UTC.
constexpr seconds kAnyOffset = hours{26};

Result<CalendarEvent::Stamp> stamp_of(icalproperty* property, const icaltimetype& at,
                                      const FileZones& zones) {
  if (icaltime_is_null_time(at) || !icaltime_is_valid_time(at))
    return Error{"a time that cannot be read"};
  auto clock = CalendarClock::of(property, at, zones);
  if (!clock) return clock.error();
  return CalendarEvent::Stamp{*std::move(clock), local_time(at)};
}

/// How long it lasts. RFC 5545: a day without an end lasts that day; a time without one, no time.
Result<> read_length(icalcomponent* vevent, const icaltimetype& start, const FileZones& zones,
                     CalendarEvent& event) {
  auto* end = icalcomponent_get_first_property(vevent, ICAL_DTEND_PROPERTY);
  auto* length = icalcomponent_get_first_property(vevent, ICAL_DURATION_PROPERTY);
  if (end) {
    const auto stamp = stamp_of(end, icalproperty_get_dtend(end), zones);
    if (!stamp) return stamp.error();
    event.elapsed = !stamp->clock.same_as(event.start.clock);
    // Floating against a zone: the reader's zone decides, and UTC is as good as any.
    event.length = event.elapsed
                       ? floor<seconds>(stamp->clock.last(stamp->local, Zone::utc()) -
                                        event.start.clock.first(event.start.local, Zone::utc()))
                       : stamp->local - event.start.local;
  } else if (length) {
    event.length = seconds{icaldurationtype_as_int(icalproperty_get_duration(length))};
  } else if (start.is_date) {
    event.length = days{1};
  }
  if (event.length <= seconds{}) return Error{"it has no end after its beginning"};
  return {};
}

Result<> read_dates(icalcomponent* vevent, const FileZones& zones, CalendarEvent& event) {
  for (auto* p = icalcomponent_get_first_property(vevent, ICAL_RDATE_PROPERTY); p;
       p = icalcomponent_get_next_property(vevent, ICAL_RDATE_PROPERTY)) {
    const auto value = icalproperty_get_rdate(p);
    if (icaltime_is_null_time(value.time)) return Error{"RDATE with periods is not read"};
    const auto stamp = stamp_of(p, value.time, zones);
    if (!stamp) return stamp.error();
    event.more.push_back(*stamp);
  }
  for (auto* p = icalcomponent_get_first_property(vevent, ICAL_EXDATE_PROPERTY); p;
       p = icalcomponent_get_next_property(vevent, ICAL_EXDATE_PROPERTY)) {
    const auto stamp = stamp_of(p, icalproperty_get_exdate(p), zones);
    if (!stamp) return stamp.error();
    event.excluded.push_back(*stamp);
  }
  return {};
}

Result<> read_rules(icalcomponent* vevent, CalendarEvent& event) {
  if (icalcomponent_get_first_property(vevent, ICAL_EXRULE_PROPERTY))
    return Error{"EXRULE is not read"};
  for (auto* p = icalcomponent_get_first_property(vevent, ICAL_RRULE_PROPERTY); p;
       p = icalcomponent_get_next_property(vevent, ICAL_RRULE_PROPERTY)) {
    const auto type = icalproperty_get_rrule(p);
    const auto until =
        icaltime_is_null_time(type.until)
            ? LocalTime{}
            : event.start.clock.local(WallTime{local_time(type.until).time_since_epoch()});
    const auto rule = Rrule::parse(rule_text(type, until), event.start.local);
    if (!rule) return rule.error();
    event.counted += type.count;
    if (rule->next(event.start.local - seconds{1}))
      event.rules.push_back(*rule);
    else
      ++event.idle;
  }
  return {};
}

Result<> read_replaced(icalcomponent* vevent, const FileZones& zones, CalendarEvent& event) {
  auto* property = icalcomponent_get_first_property(vevent, ICAL_RECURRENCEID_PROPERTY);
  if (!property) return {};
  if (icalproperty_get_first_parameter(property, ICAL_RANGE_PARAMETER))
    return Error{"RECURRENCE-ID with RANGE is not read"};
  const auto stamp = stamp_of(property, icalproperty_get_recurrenceid(property), zones);
  if (!stamp) return stamp.error();
  event.replaces = *stamp;
  return {};
}

}  // namespace

Result<CalendarEvent> CalendarEvent::parse(icalcomponent* vevent, const FileZones& zones) {
  CalendarEvent event;
  const char* summary = icalcomponent_get_summary(vevent);
  event.what = printable(bounded(summary ? summary : "", kSummaryMax));
  const char* uid = icalcomponent_get_uid(vevent);
  event.uid = uid ? uid : "";
  event.cancelled = icalcomponent_get_status(vevent) == ICAL_STATUS_CANCELLED;
  const auto wrong = [&](const Error& error) {
    return Error{fmt::format("event '{}': {}", event.what, error.what)};
  };
  auto* starts = icalcomponent_get_first_property(vevent, ICAL_DTSTART_PROPERTY);
  if (!starts) return wrong(Error{"it has no DTSTART"});
  const auto start = icalproperty_get_dtstart(starts);
  auto stamp = stamp_of(starts, start, zones);
  if (!stamp) return wrong(stamp.error());
  event.start = *std::move(stamp);
  if (const auto read = read_replaced(vevent, zones, event); !read) return wrong(read.error());
  if (event.cancelled) return event;
  if (const auto read = read_length(vevent, start, zones, event); !read) return wrong(read.error());
  if (const auto read = read_dates(vevent, zones, event); !read) return wrong(read.error());
  if (const auto read = read_rules(vevent, event); !read) return wrong(read.error());
  return event;
}

void CalendarEvent::during(const Interval& within, const Zone& reader,
                           std::vector<FreezeCalendar::Spell>& into) const {
  const auto add = [&](const CalendarClock& clock, LocalTime local) {
    const auto from = clock.first(local, reader);
    for (const auto& one : excluded)
      if (one.clock.first(one.local, reader) == from) return;
    const auto to = elapsed ? from + length : clock.last(local + length, reader);
    if (from < within.to && to > within.from) into.push_back({{from, to}, what});
  };
  add(start.clock, start.local);
  for (const auto& one : more) add(one.clock, one.local);
  const auto as_local = [](WallTime at) {
    return LocalTime{floor<seconds>(at.time_since_epoch())};
  };
  const auto last = as_local(within.to) + kAnyOffset;
  for (const auto& rule : rules)
    for (auto at = rule.next(std::max(start.local, as_local(within.from) - length - kAnyOffset));
         at && *at <= last; at = rule.next(*at))
      add(start.clock, *at);
}

}  // namespace muster::schedule
