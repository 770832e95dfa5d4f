#include "schedule/calendar_clock.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "schedule/ical.hpp"
#include "schedule/rrule.hpp"

namespace muster::schedule {

using namespace std::chrono;

namespace {

WallTime as_wall(LocalTime local, seconds offset) {
  return WallTime{local.time_since_epoch() - offset};
}

LocalTime as_local(WallTime at, seconds offset) {
  return LocalTime{floor<seconds>(at.time_since_epoch()) + offset};
}

/// "TZID of a file of Outlook" says nothing; "/freeassociation.sourceforge.net/Europe/Berlin" does.
Result<Zone> find_zone(std::string_view tzid) {
  auto zone = Zone::find(tzid);
  for (auto at = tzid.find('/'); !zone && at != tzid.npos; at = tzid.find('/', at + 1))
    if (auto inner = Zone::find(tzid.substr(at + 1))) zone = std::move(inner);
  return zone;
}

}  // namespace

std::string rule_text(icalrecurrencetype rule, LocalTime until) {
  if (!icaltime_is_null_time(rule.until) && icaltime_is_utc(rule.until))
    rule.until = ical_time(until);
  char* text = icalrecurrencetype_as_string_r(&rule);
  std::string out{text ? text : ""};
  icalmemory_free_buffer(text);
  return out;
}

Result<FileZone> FileZone::parse(icalcomponent* vtimezone) {
  FileZone zone;
  for (auto* part = icalcomponent_get_first_component(vtimezone, ICAL_ANY_COMPONENT); part;
       part = icalcomponent_get_next_component(vtimezone, ICAL_ANY_COMPONENT)) {
    const auto* starts = icalcomponent_get_first_property(part, ICAL_DTSTART_PROPERTY);
    const auto* from = icalcomponent_get_first_property(part, ICAL_TZOFFSETFROM_PROPERTY);
    const auto* to = icalcomponent_get_first_property(part, ICAL_TZOFFSETTO_PROPERTY);
    if (!starts || !from || !to) return Error{"a VTIMEZONE lacks DTSTART or an offset"};
    const Change first{local_time(icalproperty_get_dtstart(starts)),
                       seconds{icalproperty_get_tzoffsetfrom(from)},
                       seconds{icalproperty_get_tzoffsetto(to)}};
    zone.changes_.push_back(first);
    for (auto* p = icalcomponent_get_first_property(part, ICAL_RDATE_PROPERTY); p;
         p = icalcomponent_get_next_property(part, ICAL_RDATE_PROPERTY))
      zone.changes_.push_back({local_time(icalproperty_get_rdate(p).time), first.from, first.to});
    auto* recurs = icalcomponent_get_first_property(part, ICAL_RRULE_PROPERTY);
    if (!recurs) continue;
    const auto type = icalproperty_get_rrule(recurs);
    const auto until = icaltime_is_null_time(type.until) ? LocalTime{} : local_time(type.until);
    const auto rule = Rrule::parse(rule_text(type, until + first.from), first.onset);
    if (!rule) return Error{"a VTIMEZONE's rule: " + to_string(rule.error())};
    // From before 1970, for Outlook's begin in 1601.
    for (auto at = rule->next(std::max(first.onset, kFirst - days{366})); at; at = rule->next(*at))
      zone.changes_.push_back({*at, first.from, first.to});
  }
  if (zone.changes_.empty()) return Error{"a VTIMEZONE without any offset"};
  std::sort(zone.changes_.begin(), zone.changes_.end(),
            [](const auto& a, const auto& b) { return a.onset < b.onset; });
  return zone;
}

seconds FileZone::offset(LocalTime local) const {
  const auto after =
      std::upper_bound(changes_.begin(), changes_.end(), local,
                       [](LocalTime at, const Change& change) { return at < change.onset; });
  return after == changes_.begin() ? changes_.front().from : std::prev(after)->to;
}

WallTime FileZone::first(LocalTime local) const {
  return as_wall(local, offset(local));
}

WallTime FileZone::last(LocalTime local) const {
  for (const auto& change : changes_)
    if (change.to < change.from && local < change.onset &&
        local >= change.onset - (change.from - change.to))
      return as_wall(local, change.to);
  return first(local);
}

LocalTime FileZone::local(WallTime at) const {
  auto offset = changes_.front().from;
  for (const auto& change : changes_)
    if (as_wall(change.onset, change.from) <= at) offset = change.to;
  return as_local(at, offset);
}

Result<CalendarClock> CalendarClock::of(icalproperty* property, const icaltimetype& at,
                                        const FileZones& zones) {
  CalendarClock clock;
  const auto* parameter = icalproperty_get_first_parameter(property, ICAL_TZID_PARAMETER);
  if (icaltime_is_utc(at)) {
    clock.name_ = "UTC";
    clock.zone_ = Zone::utc();
  } else if (parameter && !at.is_date) {
    const char* tzid = icalparameter_get_tzid(parameter);
    clock.name_ = tzid ? tzid : "";
    if (const auto zone = find_zone(clock.name_)) {
      clock.zone_ = *zone;
    } else {
      const auto of_file = zones.find(clock.name_);
      if (of_file == zones.end())
        return Error{fmt::format("the time zone '{}' is neither an IANA name nor in the file",
                                 printable(bounded(clock.name_, 64)))};
      clock.file_zone_ = of_file->second;
    }
  }
  return clock;
}

WallTime CalendarClock::first(LocalTime local, const Zone& reader) const {
  return file_zone_ ? file_zone_->first(local) : (zone_ ? *zone_ : reader).resolve(local).at;
}

WallTime CalendarClock::last(LocalTime local, const Zone& reader) const {
  return file_zone_ ? file_zone_->last(local) : (zone_ ? *zone_ : reader).resolve(local).last;
}

LocalTime CalendarClock::local(WallTime at) const {
  if (file_zone_) return file_zone_->local(at);
  return zone_ ? zone_->local(at) : as_local(at, seconds{});
}

}  // namespace muster::schedule
