// Which kind of probe is asked by which function: the explicit registry. A kind is declared in
// catalogue/probe_kinds.cpp and asked in one file here; docs/probes.md tells how to add one.
#pragma once
#include <string_view>

#include "adapters/probes/resolve.hpp"
#include "adapters/probes/slot.hpp"
#include "catalogue/probe.hpp"

namespace muster::probes {

/// Makes slots for a question whose values fit what its kind declares. With Names::numeric_only it
/// is called on the probe thread and must not block; when it would have to (a name to resolve, a
/// file to read) it answers nothing, and is called again on a worker with Names::resolve.
using Asker = Result<std::optional<MakeSlot>> (*)(const catalogue::ProbeSpec& spec, Names names);

/// nullptr for a kind that nobody asks.
Asker asker(std::string_view kind);

}  // namespace muster::probes
