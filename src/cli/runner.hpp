// Runs one plan to its end, or brings a run whose process died to its end: wires machine, driver,
// store, shell, probes, clock, signals and the terminal.
#pragma once
#include <optional>
#include <string>

#include "cli/record.hpp"
#include "cli/session.hpp"
#include "engine/io.hpp"
#include "plan/plan.hpp"

namespace muster::cli {

struct RunOptions {
  bool ask_here = true;                 // questions may be answered on this terminal
  bool json = false;                    // progress as JSON lines, one an entry
  std::vector<std::string> dirty = {};  // earlier runs not proven undone, gone on despite
  // Of recover_run: hosts that are declared gone for good (host, reason, wiped).
  std::vector<engine::Request> gone = {};
};

/// The run's id, once it is closed. An error: nothing was begun.
Result<std::string> run_plan(Session& session, plan::Plan plan, const RunOptions& options);

/// Reverts everything that the run may have left live, holds what a no-return step left, and closes
/// it.
Result<> recover_run(Session& session, const RunRow& row, const RunOptions& options);

}  // namespace muster::cli
