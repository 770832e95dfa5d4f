// "Does this command exit with 0?" Run on the controller without a shell, in a process group of its
// own.
#pragma once
#include <optional>

#include "adapters/probes/resolve.hpp"
#include "adapters/probes/slot.hpp"
#include "base/result.hpp"
#include "catalogue/probe.hpp"

namespace muster::probes {

/// What of a command that failed is the reason: its exit status, or the first line that it printed.
enum class Failure { status, said };

/// What it prints (stdout and stderr) is evidence, bounded; its stdin is empty; giving up kills its
/// group. A descendant that leaves the group outlives it.
Result<std::optional<MakeSlot>> prepare_command(const catalogue::ProbeSpec& probe, Names);

Result<std::optional<MakeSlot>> command_slots(const std::vector<std::string>& argv,
                                              Failure failure);

}  // namespace muster::probes
