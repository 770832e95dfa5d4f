// The parts of a gate that are the same for every host: one sh program that sudo may start in place
// of a shell. What makes it a gate of some drills on some host is added by plan/gate.hpp. What
// travels to it, and what it refuses: docs/sudo.md.
#pragma once
#include <string_view>

namespace muster::catalogue {

/// Where a gate is installed unless the inventory says otherwise.
inline constexpr std::string_view kGatePath = "/usr/local/lib/muster/gate";
/// What it says on stderr once it listens; a later form of the frames has another number.
inline constexpr std::string_view kGateGreeting = "muster-gate 1";
/// The first word of each frame to it.
inline constexpr std::string_view kGateFrame = "muster-gate-1";

/// From `#!/bin/sh` on: functions, of which gate_main is the last one to be called.
std::string_view gate_functions();

}  // namespace muster::catalogue
