// What the workspace's log keeps of a run beside its result, so that a thousand runs are listed and
// compared without reading their records: measured intervals, what was broken on which hosts,
// restores, who held which role. Rides in `run.closed`, under `summary`. Pure.
#pragma once
#include "base/json.hpp"
#include "journal/run_state.hpp"

namespace muster::history {

/// Bounded, so that the entry stays small: what is left out is counted in `left_out`.
inline constexpr std::size_t kObjectivesMax = 32;
inline constexpr std::size_t kHostsMax = 100;
inline constexpr std::size_t kFaultsMax = 100;
inline constexpr std::size_t kRestoresMax = 50;
inline constexpr std::size_t kRolesMax = 50;

/// Of a run that is over; docs/journal.md tells its fields.
Json closing_of(const journal::RunState& state);

}  // namespace muster::history
