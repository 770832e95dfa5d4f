// A run as annotations for dashboards: the run itself, each fault while it was there, each outage
// of a service. The shape is that of Grafana's annotations API (`time` and `timeEnd` in
// milliseconds of UTC, `tags`, `text`): POST each to /api/annotations. Pure.
#pragma once
#include "base/json.hpp"
#include "journal/run_state.hpp"

namespace muster::history {

/// At most so many: the run's, then the earliest ones.
inline constexpr std::size_t kAnnotationsMax = 500;

/// Of a run that is open, what has not ended has no `timeEnd`. An array, ordered by time.
Json annotations_of(const journal::RunState& state);

}  // namespace muster::history
