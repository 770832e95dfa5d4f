// What is asked of a host before anything is armed there, in preflight and again when it was
// started anew in mid-drill: who it is, and its lock. Internal to engine/.
#pragma once
#include <string>
#include <vector>

#include "engine/core.hpp"

namespace muster::engine {

/// `run.preflight` of a host: its facts, its wall clock's offset, and what is amiss.
journal::Draft facts_entry(const Core& core, const std::string& host, const ports::Answer& answer,
                           const std::vector<std::string>& problems);

/// Takes the host for this run; yes when the run holds it already.
ports::Call lock_call(const Core& core, const std::string& host);

/// A question to the host itself: its exit status 0 says yes.
ports::Call question_call(const Core& core, const plan::RoleQuestion& question,
                          const std::string& host);

}  // namespace muster::engine
