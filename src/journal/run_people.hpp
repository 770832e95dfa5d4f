// What people did in a run, folded from its entries: what they did to a step, who held a role from
// when on, what they wrote down. A part of RunState (run_state.hpp).
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/time.hpp"
#include "journal/entry.hpp"

namespace muster::journal {

struct RunState;

/// Who did it, and as whom.
struct Doer {
  Actor actor;            ///< as the kernel knows them
  std::string person;     ///< id of people.yaml; empty: nobody of the plan has that unix user
  std::string as;         ///< holder | deputy | stand_in | not_checked; empty where nobody is asked
  std::string unchecked;  ///< with not_checked: why it could not be checked
};

/// What somebody did to a step that asks.
struct Act {
  std::uint64_t seq = 0;
  std::string what;  ///< ack | done | answer | skip | fail
  Doer by;
  std::string reason;
  Instant at{};
  WallTime wall{};
};

/// From here on `holder` holds the role; until the next one of the same role.
struct Tenure {
  std::uint64_t seq = 0;
  std::string role, holder, deputy;
  std::string before;  ///< who held it until then; empty at the opening
  std::string how;     ///< planned | taken | handed
  std::string reason;
  Doer by;
  Instant at{};
  WallTime wall{};
};

/// A note, or the correction of an earlier entry.
struct Note {
  std::uint64_t seq = 0;
  Doer by;          ///< who wrote it
  std::string who;  ///< who did what it tells, when it was not the author; anybody's name
  std::string text;
  std::string step;
  std::optional<WallTime> happened;  ///< when it was, if not when it was written
  std::optional<std::uint64_t> corrects;
  Instant at{};
  WallTime wall{};
};

struct StepState;
/// Persons who signed that the drill may go on at this step, in the order of the record.
std::vector<std::string> approvals_of(const StepState& step);

/// Entries of the kinds request, role.assumed, note and correction. What is wrong, or "".
std::string fold_people(RunState& state, const Entry& entry);

}  // namespace muster::journal
