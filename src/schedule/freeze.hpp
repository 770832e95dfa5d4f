// Freezes: calendars in iCalendar (RFC 5545) that say when nothing may be injected. It fails
// closed: a calendar that is missing, stale or unreadable, or holds what is not understood here,
// counts as frozen, and says why. Pure over bytes; who reads the files is cli/calendar_files.hpp.
//
// An event counts whether it is marked as busy or not; a cancelled one does not. Times in UTC, with
// a TZID (an IANA name, or a VTIMEZONE of the file), and whole days and floating times, which are
// those of the zone of whoever asks: Christmas is Christmas in the drill's own zone.
#pragma once
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "schedule/window.hpp"
#include "schedule/zone.hpp"

namespace muster::schedule {

struct CalendarEvent;

/// One file, parsed. A value, cheap to copy; any thread.
class FreezeCalendar {
 public:
  static constexpr std::size_t kBytesMax = 4u << 20;
  static constexpr std::size_t kEventsMax = 10'000;

  static Result<FreezeCalendar> parse(std::string_view bytes);

  struct Spell {
    Interval when;
    std::string what;  ///< The event's summary; printable, may be empty.
  };
  /// What of it touches `within`, in no order. Zones of floating times: `zone`.
  std::vector<Spell> during(const Interval& within, const Zone& zone) const;
  std::size_t size() const;

 private:
  std::shared_ptr<const std::vector<CalendarEvent>> events_;
};

/// A calendar's file as the edge found it.
struct CalendarFile {
  std::string name;                  ///< Of the calendar: "change-freeze".
  std::optional<std::string> bytes;  ///< Nothing: `trouble` says why.
  std::string trouble;
  WallTime modified{};  ///< The file's time of modification: when it was last fetched or written.
  Duration fresh_for{};
};

/// Why nothing may be injected.
struct Frozen {
  enum class Is { event, missing, unreadable, stale };
  Is is = Is::event;
  std::string calendar;
  std::string what;               ///< For people, whole: "change-freeze: Christmas, until …".
  std::optional<WallTime> until;  ///< Of an event: its end.
};

/// The calendars that bind one drill. Immutable; any thread.
class Freezes {
 public:
  Freezes() = default;
  explicit Freezes(std::vector<CalendarFile> files);

  /// Whether `at` is frozen, as known at `now` (a calendar may have become stale meanwhile).
  std::optional<Frozen> frozen_at(WallTime at, WallTime now, const Zone& zone) const;
  /// What of `within` is frozen, merged: all of it when a calendar cannot be believed.
  std::vector<Interval> frozen_during(const Interval& within, WallTime now, const Zone& zone) const;
  bool empty() const { return all_.empty(); }

  struct Health {
    std::string calendar;
    std::size_t events = 0;
    std::optional<Frozen> trouble;
  };
  /// Each calendar, and whether it can be believed.
  std::vector<Health> health(WallTime now) const;

 private:
  struct One {
    CalendarFile file;
    std::optional<FreezeCalendar> calendar;
  };
  std::optional<Frozen> trouble_of(const One& one, WallTime now) const;
  std::vector<One> all_;
};

}  // namespace muster::schedule
