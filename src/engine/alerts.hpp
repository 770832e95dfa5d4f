// What monitoring and people say about the fault: recorded, matched with what the drill expects,
// and judged (docs/measurement.md, "Was it noticed?"). Internal to engine/.
#pragma once
#include <cstddef>
#include <string>
#include <vector>

#include "engine/core.hpp"
#include "measure/detection.hpp"

namespace muster::engine {

/// Limits of one run: whoever can send alerts cannot fill the disk with them.
inline constexpr std::size_t kAlertsMax = 200;

/// Of `alerts`: those that fit a detection of the plan are recorded, once for each change; of the
/// others one, as proof that alerts arrive. "" when they were taken, else why not.
std::string take_alerts(Core& core, const Request& request);
/// Of `detected`: a person noticed it.
std::string take_detected(Core& core, const Request& request);

/// What one detection of the plan rests on, at the end.
struct DetectionFinding {
  const plan::Detection* detection = nullptr;
  measure::DetectionFacts facts;
  std::string source;  ///< Of what detected it: alertmanager, pagerduty, person; "" when nothing.
  std::string by;      ///< Of a person: who.
};
/// `until`: how long it was watched.
std::vector<DetectionFinding> detections_of(const plan::Plan& plan, const journal::RunState& state,
                                            bool receives_alerts, Instant until);

Json to_json(const DetectionFinding& finding);

}  // namespace muster::engine
