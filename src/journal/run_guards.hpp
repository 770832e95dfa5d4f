// What a record tells of a run's guardrails: part of its state (run_state.hpp).
#pragma once
#include <optional>
#include <string>

#include "journal/entry.hpp"

namespace muster::journal {

struct RunState;

/// One of `abort_if`.
struct GuardState {
  enum class Is {
    holds,
    fails,   ///< It was told not to hold.
    unknown  ///< It could not be told.
  } is = Is::holds;
  std::optional<Instant> since;  ///< Not told to hold since then; nothing while it holds.
  std::optional<Instant> asked;  ///< The first time.
  std::string why;
  std::string evidence;
  bool fired = false;  ///< It stopped the drill.
};

/// Entries of the kinds guardrail.*. What is wrong, or "".
std::string fold_guards(RunState& state, const Entry& entry);

}  // namespace muster::journal
