// Times as a calendar's file writes them: in UTC, in a zone by its IANA name, in a VTIMEZONE of the
// file, or floating. Private to schedule/.
#pragma once
#include <libical/ical.h>

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "schedule/zone.hpp"

namespace muster::schedule {

/// A VTIMEZONE: its changes written out to the year 2199.
class FileZone {
 public:
  static Result<FileZone> parse(icalcomponent* vtimezone);

  /// Of the first and of the second time that a clock set back repeats; of what one set forward
  /// leaves out, the time before the change.
  WallTime first(LocalTime local) const;
  WallTime last(LocalTime local) const;
  LocalTime local(WallTime at) const;

 private:
  struct Change {
    LocalTime onset;  ///< In the time that ends with it.
    std::chrono::seconds from{}, to{};
  };
  std::chrono::seconds offset(LocalTime local) const;
  std::vector<Change> changes_;
};

using FileZones = std::map<std::string, std::shared_ptr<const FileZone>, std::less<>>;

/// What a time is told by. `reader`: the zone of floating times.
class CalendarClock {
 public:
  /// Of a property that holds a time; its TZID, its Z, or neither.
  static Result<CalendarClock> of(icalproperty* property, const icaltimetype& at,
                                  const FileZones& zones);

  WallTime first(LocalTime local, const Zone& reader) const;
  WallTime last(LocalTime local, const Zone& reader) const;
  /// The local time of an instant; of a floating clock as if it were UTC.
  LocalTime local(WallTime at) const;
  bool same_as(const CalendarClock& other) const { return name_ == other.name_; }

 private:
  std::string name_;  ///< "" is floating, "UTC", or the TZID.
  std::optional<Zone> zone_;
  std::shared_ptr<const FileZone> file_zone_;
};

/// The rule's text. An UNTIL in UTC, as RFC 5545 wants it beside a zone, becomes `until`: the same
/// instant in the local time that the rule is expanded in.
std::string rule_text(icalrecurrencetype rule, LocalTime until);

}  // namespace muster::schedule
