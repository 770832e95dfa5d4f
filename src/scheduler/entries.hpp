// The entries that a schedule leaves in the workspace's log, and the row that makes an occurrence
// unique: (drill, nominal local time) lands once, whatever clocks and restarts do.
#pragma once
#include <string>

#include "journal/writer.hpp"
#include "schedule/schedule.hpp"

namespace muster::scheduler {

/// From now on this rule counts.
journal::Write known(const std::string& drill, const std::string& rule, schedule::LocalTime from,
                     const std::string& zone);
/// It is given its start: with a guard, so that a second time it is a `conflict`.
journal::Write started(const schedule::Occurrence& occurrence, const std::string& how,
                       const schedule::Zone& zone);
/// Nothing comes of `count` occurrences, the first to the last. `why` is for people.
journal::Write missed(const std::string& drill, schedule::LocalTime first, schedule::LocalTime last,
                      std::uint64_t count, const std::string& why, bool asks);
/// It waits for the end of the drill's own run.
journal::Write queued(const schedule::Occurrence& occurrence);
/// A surprise: its time cannot be chosen any more from here on.
journal::Write committed(const schedule::Occurrence& occurrence);
/// It was told beforehand.
journal::Write announced(const schedule::Occurrence& occurrence, Duration before);
journal::Write held(const std::string& drill, const std::string& why, const journal::Actor& by);
journal::Write resumed(const std::string& drill, const std::string& why, const journal::Actor& by);

/// The store's row of an occurrence.
std::string row_of(const schedule::Occurrence& occurrence);
/// What run.opened says of the occurrence that it is the run of.
Json occurrence_json(const schedule::Occurrence& occurrence, const std::string& how);

}  // namespace muster::scheduler
