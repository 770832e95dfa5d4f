// The schedule of one drill, made from its file: when it is meant to run next, in its zone.
//
//   model::Diagnostics out;
//   const auto schedule = Schedule::compile(*drill.name, *drill.schedule, out);   // pure
//   const Freezes freezes{calendar_files};                                        // cli reads them
//   auto occurrence = schedule->next(last_nominal);        // strictly later, by nominal local time
//   draw(*occurrence, seed, freezes, now, schedule->zone());  // with a window: chooses the moment
//   freezes.frozen_at(*occurrence->planned, now, schedule->zone());
//
// What starts now, is missed, waits or is held is decided elsewhere; here nothing is decided.
#pragma once
#include <optional>
#include <string>

#include "schedule/freeze.hpp"
#include "schedule/recurrence.hpp"
#include "schedule/window.hpp"
#include "schedule/zone.hpp"

namespace muster::schedule {

/// One time at which a drill is meant to start. (drill, nominal) is its identity: a clock that is
/// set back cannot make two of it.
struct Occurrence {
  std::string drill;
  LocalTime nominal{};  ///< As the rule says it; with a window, its beginning on that day.
  /// When it starts. Without a window it is known; with one only once it is drawn.
  std::optional<WallTime> planned;
  Interval window;  ///< Without a window both are `planned`.
  Zone::Resolved::Is clock =
      Zone::Resolved::Is::once;  ///< left_out: shifted; twice: the first of the two.
  /// Of a drawn one: what to commit to, and to reveal when it is over.
  std::optional<Surprise> surprise;

  bool is_surprise() const { return window.from != window.to; }
  /// The earliest moment at which it may start.
  WallTime earliest() const { return planned ? *planned : window.from; }
};

/// "DRILL@2027-01-12T10:00": unique, and stable for ever; also what announcements refer to.
std::string id_of(const Occurrence& occurrence);

/// A value; any thread.
class Schedule {
 public:
  /// What is wrong goes to `out`, each with its place.
  static std::optional<Schedule> compile(const std::string& drill, const model::Schedule& from,
                                         model::Diagnostics& out);

  /// The first one whose nominal time is strictly later. Gaps are passed over with `gap: skip`, and
  /// where the shifted time is one of the rule's own. nothing: none before the year 2200.
  std::optional<Occurrence> next(LocalTime after) const;
  /// The first one that is not over: planned, or whose window ends, strictly later.
  std::optional<Occurrence> next(WallTime after) const;

  const std::string& drill() const { return drill_; }
  const Zone& zone() const { return zone_; }
  /// Missed, overlap, announce, after, hold: as the file says them.
  const model::Schedule& file() const { return from_; }

 private:
  struct Daily {
    std::chrono::seconds from{}, to{};
  };
  Schedule(std::string drill, model::Schedule from, Zone zone, Recurrence rule,
           std::optional<Daily> window);
  static std::optional<Daily> read_window(const model::Schedule& from, model::Diagnostics& out);
  std::optional<Occurrence> occurrence_at(LocalTime nominal) const;

  std::string drill_;
  model::Schedule from_;
  Zone zone_;
  Recurrence rule_;
  std::optional<Daily> window_;
};

/// Chooses the moment of an occurrence with a window: in what its freezes leave of the window, as
/// they are known at `now`. Stays without `planned` when they leave nothing. Does nothing to
/// others.
void draw(Occurrence& occurrence, std::string_view seed, const Freezes& freezes, WallTime now,
          const Zone& zone);

}  // namespace muster::schedule
