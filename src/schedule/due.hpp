// How often a drill must have passed, and whether it has: for auditors, who ask for a date per
// quarter. "Last tested" and "last passed" are two dates; only passing counts.
//
// Periods of the calendar (week, month, quarter, half-year, year) are those of a zone. Each one
// wants a pass of its own: one that comes within the grace after a period's end counts for the
// oldest period that is still open, and then not for its own. Intervals (90d, P3M) run from the
// last pass.
#pragma once
#include <optional>
#include <span>
#include <string>

#include "model/schedule.hpp"
#include "schedule/words.hpp"
#include "schedule/zone.hpp"

namespace muster::schedule {

/// A run that is over and tested something: PASS, FAIL or INCONCLUSIVE.
struct Tested {
  WallTime at{};        ///< When it was opened.
  bool passed = false;  ///< PASS, and everything undone.
};

struct DueState {
  enum class Is {
    ok,      ///< Nothing is open.
    due,     ///< Open, and still in time.
    overdue  ///< The time and its grace are over; also a drill that never passed and has no `from`.
  };
  Is is = Is::ok;
  std::optional<WallTime> last_tested, last_passed;
  std::optional<WallTime> due_from;      ///< When the next pass becomes due, or has.
  std::optional<WallTime> overdue_from;  ///< When that is, or was, too late.
  std::string period;                    ///< For people: "quarter 2027-Q1"; of an interval "90d".
};

/// A value; any thread.
class Due {
 public:
  /// `timezone` of the drill's schedule; empty when it has none. Errors go to `out`.
  static std::optional<Due> compile(const model::Due& from, const std::string& timezone,
                                    model::Diagnostics& out);

  /// `tests` in the order of their times. Those later than `now` do not count.
  DueState state(std::span<const Tested> tests, WallTime now) const;
  const Zone& zone() const { return zone_; }
  /// "every quarter, grace 7d, Europe/Berlin"
  std::string text() const;

 private:
  explicit Due(Zone zone) : zone_(std::move(zone)) {}
  DueState of_calendar(std::span<const Tested> passes, WallTime now) const;
  DueState of_interval(std::span<const Tested> passes, WallTime now) const;
  int period_at(WallTime at) const;
  WallTime begin_of(int period) const;
  std::string name_of(int period) const;
  WallTime later(WallTime at) const;

  Zone zone_;
  std::string text_;
  bool calendar_ = true;
  Every every_;
  Duration interval_{};  ///< Of an interval: days and shorter …
  int months_ = 0;       ///< … and months.
  Duration grace_{};
  std::optional<LocalTime> from_;
};

}  // namespace muster::schedule
