// Did monitoring, or a person, notice the fault, and how long did that take? Pure. Source:
// reference/measurement, "Phases of people and machines": TTD = detected - verified, alert and
// human kept apart; "not detected within T" is a result, a blank is not.
#pragma once
#include <optional>

#include "measure/interval.hpp"
#include "measure/objective.hpp"

namespace muster::measure {

struct DetectionFacts {
  /// The injection: sent, and verified. Absent: no fault was proven to be there.
  std::optional<Moment> fault;
  /// The first alert, or word of a person, that counts; on the controller's clock.
  std::optional<Instant> detected;
  /// What was to detect it was firing before the fault already, and did not count.
  bool fired_before = false;
  /// Something of monitoring did reach this run, or could have. Of a person always true.
  bool could_be_received = false;
  Instant until{};  ///< Watched until then.
};

/// From 0 on: at least detected - verified, at most detected - sent. Absent: not detected, or
/// nothing was there to detect.
std::optional<Interval> time_to_detect(const DetectionFacts& facts);

/// yes and no by the whole interval, as judge() does. Not detected: no when it was watched for all
/// of `within` and could have been seen; else unknown, and never yes.
Judgement judge_detection(const DetectionFacts& facts, Duration within);

/// The same without an objective: one sentence.
std::string detection_text(const DetectionFacts& facts);

}  // namespace muster::measure
