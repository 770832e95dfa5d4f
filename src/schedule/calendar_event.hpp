// One event of a calendar that freezes: when it lasts, with its recurrences. Private to schedule/.
#pragma once
#include <libical/ical.h>

#include <string>
#include <vector>

#include "schedule/calendar_clock.hpp"
#include "schedule/freeze.hpp"
#include "schedule/rrule.hpp"

namespace muster::schedule {

struct CalendarEvent {
  struct Stamp {
    CalendarClock clock;
    LocalTime local{};
  };
  std::string uid;
  std::string what;
  Stamp start;
  std::chrono::seconds length{};
  bool elapsed = false;  ///< `length` passes in true time: its end is told by another clock.
  bool cancelled = false;
  std::optional<Stamp> replaces;  ///< RECURRENCE-ID: which one of its series it stands for.
  std::vector<Rrule> rules;
  int counted = 0;  ///< COUNT of them all: what each question may have to go through.
  int idle = 0;     ///< Rules that never occur; only DTSTART does then.
  std::vector<Stamp> more, excluded;

  /// Not understood, or not whole: an error.
  static Result<CalendarEvent> parse(icalcomponent* vevent, const FileZones& zones);

  /// Adds what touches `within`.
  void during(const Interval& within, const Zone& reader,
              std::vector<FreezeCalendar::Spell>& into) const;
};

}  // namespace muster::schedule
