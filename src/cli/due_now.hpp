// Whether a drill has passed in time, by the workspace's runs: for lists and figures that are not
// about schedules.
#pragma once
#include <optional>
#include <vector>

#include "history/runs.hpp"
#include "model/drill.hpp"
#include "schedule/due.hpp"

namespace muster::cli {

struct DueNow {
  schedule::Due due;
  schedule::DueState state;
  bool overdue() const { return state.is == schedule::DueState::Is::overdue; }
};

/// nullopt: the drill does not say when it is due. `drill`: read without errors.
std::optional<DueNow> due_now(const model::Drill& drill, const std::vector<history::Run>& runs,
                              WallTime now);

}  // namespace muster::cli
