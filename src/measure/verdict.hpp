// The verdict of a drill: a result and a state, both always shown, and the exit code of both.
// Source: reference/measurement, "Verdict".
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "measure/objective.hpp"

namespace muster::measure {

enum class DrillResult { pass, fail, inconclusive, invalid, not_run, aborted };
std::string_view name(DrillResult r);  // "PASS", "NOT_RUN", ...
std::optional<DrillResult> drill_result(std::string_view name);

/// clean: what was changed is proven undone, or was meant to stay. changed: works, but differs from
/// before. dirty: not proven undone, or lost for good.
enum class DrillState { clean, changed, dirty };
std::string_view name(DrillState s);
std::optional<DrillState> drill_state(std::string_view name);

/// A `check`, a `wait` or an end condition. unknown: it could not be evaluated, or was not reached.
enum class Held { yes, no, unknown };
struct CheckFact {
  std::string name;
  Held held = Held::unknown;
  std::string why;  // may be empty
};

/// Everything that the verdict rests on; each text is a sentence for the reader.
struct VerdictFacts {
  /// Why it stopped before the first effect: preflight, a check, an approval, a freeze.
  std::optional<std::string> not_run;
  /// Which guardrail or person stopped it. The objectives are then those judged on what was seen up
  /// to the stop, so that what the stop's own mending takes is not held against the drill.
  std::optional<std::string> aborted;

  // The drill tested nothing:
  std::vector<std::string> unproven_faults;
  std::vector<std::string> outages_not_seen;  // services with `outage: expected`
  std::vector<std::string>
      controls_passed;  // negative controls: the validation accepts damaged data

  std::vector<Judgement> objectives;
  std::vector<CheckFact> checks;
  std::vector<std::string> undeclared_outages;
  std::vector<std::string> failed_steps;  // an action that failed after the first effect
  std::vector<std::string> not_done;      // actions that were skipped, or not reached
  std::vector<std::string> unknowns;      // whatever else was needed and is not known

  std::vector<std::string> changed;  // works, but differs from before
  std::vector<std::string> dirty;    // not proven undone, with what to do
};

struct Verdict {
  DrillResult result = DrillResult::inconclusive;
  DrillState state = DrillState::clean;
  /// Those of the result first, then every further thing that is amiss; for PASS, what was met.
  std::vector<std::string> reasons;
  int exit_code = 3;
};

/// Precedence, and why:
///  1 NOT_RUN       nothing was touched, so nothing else can be true.
///  2 ABORTED       a stop explains whatever is missing after it, also an unproven fault. But an
///  objective
///                  that was already missed for certain stays missed: that is FAIL (nobody turns a
///                  FAIL into an ABORTED by Ctrl-C), unless the drill was INVALID too.
///  3 INVALID       above FAIL: where the fault was not proven, a failed check says nothing about
///  recovery. 4 FAIL          what is proven stands, whatever else could not be evaluated. 5
///  INCONCLUSIVE  something is unknown or straddles; also when nothing at all was judged. 6 PASS
Verdict verdict(const VerdictFacts& facts);

/// `now` of a run that was judged before: its result stands, with its reasons; what a later
/// recovery changes is the state, and the reasons of that.
Verdict judged_before(Verdict now, DrillResult result, const std::vector<std::string>& reasons);

/// 0 PASS, 1 FAIL, 3 INCONCLUSIVE, 4 INVALID, 5 NOT_RUN or ABORTED; 6 when dirty, whatever the
/// result.
int exit_code(DrillResult result, DrillState state);

}  // namespace muster::measure
