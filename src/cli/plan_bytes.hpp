// A run's plan as the store has it: its blob, or what stands for it since somebody whom it named
// was erased.
#pragma once
#include <string>

#include "cli/session.hpp"

namespace muster::cli {

/// Of the plan whose hash is `plan`. An error: its blob is missing or damaged, and no erasure says
/// what is read instead.
Result<std::string> plan_bytes(Session& session, const Digest& plan);

}  // namespace muster::cli
