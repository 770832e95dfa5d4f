// What waits for whom, and who holds which role, as JSON for whoever asks.
#pragma once
#include "base/json.hpp"
#include "journal/run_state.hpp"
#include "plan/plan.hpp"

namespace muster::api {

/// {waiting: […], roles: […], people: […]}, told in docs/api.md. `state` may be ahead of the record
/// by the batch that is being written.
Json people_of(const plan::Plan& plan, const journal::RunState& state);

}  // namespace muster::api
