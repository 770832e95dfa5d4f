// Names to addresses, once, before the first question: the probe thread never waits for a name
// server.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"

namespace muster::probes {

/// numeric_only never blocks; resolve may, for as long as the system's resolver does (worker
/// threads only).
enum class Names { numeric_only, resolve };

/// Numeric addresses of a host, in the system's order of preference, each once, at most 8. Nothing:
/// the name has to be resolved, and `names` did not allow it.
Result<std::optional<std::vector<std::string>>> addresses_of(const std::string& host, Names names);

}  // namespace muster::probes
