// What the samples of one service say about the disruption of a drill: when it was lost, when it
// was back, how long that took, and how well it served meanwhile. Pure; source:
// reference/measurement, "RTA as an interval". Nothing here is judged against an objective
// (objective.hpp does that).
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "measure/interval.hpp"
#include "measure/sample.hpp"
#include "measure/tracker.hpp"
#include "measure/up_rule.hpp"

namespace muster::measure {

/// A step that was expected to take the service away, from its request on, until it was undone or
/// done and one window of the up-rule after that: what came of it has shown by then. `until`
/// absent: to the end.
struct Declared {
  std::string step;
  Instant from{};
  std::optional<Instant> until;
  std::optional<Instant> confirmed;  // that it was in effect; absent: never
};

struct RecoveryQuestion {
  Probing probing;
  /// F_inject: [inject requested, inject confirmed]; absent when the drill put no fault in.
  std::optional<Moment> inject;
  std::vector<Declared> declared;  // the faults among them
};

/// before: over, or begun, before the fault was put in. drill: the first that a step accounts for.
/// later: any other one.
enum class OutageKind { before, drill, later };

struct Outage {
  OutageKind kind = OutageKind::later;
  Moment onset;                         // F_outage, by samples k and k+1
  Moment recovery;                      // R, by samples j-1 and j; no `hi`: not seen to recover
  Interval length;                      // recovery - onset
  bool declared = true;                 // by a step, a fault among them
  std::string step;                     // the step that declared it, when one did
  std::optional<Interval> from_inject;  // recovery - what accounts for it; absent: nothing does
  bool recovered() const { return recovery.hi.has_value(); }
  /// One that no step accounts for: the drill fails by it.
  bool undeclared() const { return kind == OutageKind::later && !declared; }
  /// The objectives are judged on it.
  bool counts() const { return kind != OutageKind::before && declared; }
};

/// Partial degradation, shown beside up and down. The latencies are those of good probes; nearest
/// rank.
struct Quality {
  std::uint64_t probes = 0;
  std::uint64_t good = 0;
  std::uint64_t failed = 0;
  std::uint64_t unanswered = 0;
  Duration p50{}, p95{}, p99{}, max{};  // 0 when good == 0
};

struct Recovery {
  std::uint64_t probes = 0;
  UpState at_end = UpState::unknown;  // with the last sample
  std::vector<Outage> outages;        // in order of time
  std::optional<std::size_t> drill;   // index into outages; absent: never down because of the drill
  std::optional<Interval> rta_from_outage;  // absent: no outage
  std::optional<Interval> rta_from_inject;  // absent: no outage, or no fault
  std::optional<Interval> inject_to_outage;
  bool down_at_inject =
      false;            // or not known to be up: then nothing can be told about the drill's effect
  Interval down_total;  // outages of the drill and later ones together
  std::vector<Gap> gaps;
  /// The longest time from one good probe to the next since the inject: no outage that was not seen
  /// can have lasted longer, whether a gap hid it or the rule tolerated it.
  Duration longest_unseen{};
  Quality before, during, after;  // before the inject (or F_outage), then until R, then from R on
};

/// `samples` in any order; all that were taken of this service in this run.
Recovery measure_recovery(std::vector<Sample> samples, const RecoveryQuestion& question);

/// Of the samples in [from, to).
Quality quality(const std::vector<Sample>& samples, std::size_t from, std::size_t to);

}  // namespace muster::measure
