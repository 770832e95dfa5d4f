// What the workspace's log says of each drill's schedule: how far its occurrences are decided, who
// holds it, what waits, how its runs ended. A fold: nothing of it is remembered elsewhere, so a
// server that is killed at any moment goes on from where its log ends.
#pragma once
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "journal/entry.hpp"
#include "schedule/due.hpp"
#include "schedule/schedule.hpp"

namespace muster::scheduler {

struct Hold {
  WallTime since{};
  std::string by;  ///< the principal
  std::string why;
};

/// An occurrence that was given its start, and the run that came of it.
struct Started {
  schedule::LocalTime nominal{};
  WallTime at{};
  std::string run;  ///< "": none was opened yet
};

struct DrillStanding {
  /// The text of its rule as it was last seen, and since when nothing else was: occurrences before
  /// that are nobody's.
  std::string rule;
  std::optional<schedule::LocalTime> known_from;
  /// Every occurrence up to this one was started or missed.
  std::optional<schedule::LocalTime> decided;
  std::optional<schedule::LocalTime> queued;     ///< waits for the end of the drill's own run
  std::optional<schedule::LocalTime> committed;  ///< newest surprise that was committed to
  std::map<std::string, std::vector<Duration>> announced;  ///< by nominal: how long before
  std::optional<Hold> hold;
  std::optional<Started> started;       ///< the newest
  std::vector<schedule::Tested> tests;  ///< passes, at most kTestsMax, and the newest test
  std::string newest_result, newest_state;
  std::uint64_t missed = 0;
  std::optional<WallTime> missed_at;
  std::string missed_why;

  /// Where to go on: the later of what is decided and what is known from.
  std::optional<schedule::LocalTime> after() const;
};

/// A run that is open as the log has it.
struct OpenRun {
  std::string drill;
  WallTime since{};
};

struct Standing {
  static constexpr std::size_t kTestsMax = 64;

  std::map<std::string, DrillStanding> drills;
  std::map<std::string, OpenRun> open;  ///< by run
  std::vector<std::string> dirty;       ///< runs of which something is not proven undone

  const DrillStanding& of(const std::string& drill) const;
};

/// Adds one entry of the workspace's log; kinds that say nothing of schedules are passed over.
/// An entry whose data is not as docs/journal.md tells it is passed over too: verification is not
/// this fold's business.
void apply(Standing& standing, const journal::Entry& entry);

}  // namespace muster::scheduler
