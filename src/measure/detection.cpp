#include "measure/detection.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace muster::measure {
namespace {

/// How long it was watched for; never more than it was for certain.
Duration watched(const DetectionFacts& f) {
  return std::max(f.until - *f.fault->hi, Duration::zero());
}

bool has_fault(const DetectionFacts& f) {
  return f.fault && f.fault->lo && f.fault->hi;
}

}  // namespace

std::optional<Interval> time_to_detect(const DetectionFacts& f) {
  if (!has_fault(f) || !f.detected || *f.detected < *f.fault->lo) return std::nullopt;
  return Interval{std::max(*f.detected - *f.fault->hi, Duration::zero()),
                  *f.detected - *f.fault->lo};
}

std::string detection_text(const DetectionFacts& f) {
  if (!has_fault(f)) return "no fault was proven, so there was nothing to detect";
  if (const auto took = time_to_detect(f)) return "detected after " + human_interval(*took);
  if (f.fired_before)
    return "it was firing before the fault already, so that it fires says nothing about it";
  if (!f.could_be_received)
    return "no alert reached Muster, and nothing shows that one could have: what monitoring saw is "
           "not known";
  return fmt::format("not detected, watched for {}", human_duration(watched(f)));
}

Judgement judge_detection(const DetectionFacts& f, Duration within) {
  const auto kind = ObjectiveKind::detect;
  if (const auto took = time_to_detect(f)) return judge(kind, took, within);
  Judgement j;
  j.kind = kind;
  j.objective = within;
  j.reason = detection_text(f);
  if (!has_fault(f) || f.fired_before || !f.could_be_received) return j;
  if (watched(f) < within) {
    j.reason += fmt::format(", which is less than the {} allowed", human_duration(within));
    return j;
  }
  j.met = Met::no;
  j.actual = Interval{watched(f), std::nullopt};
  j.reason = fmt::format("not detected within {} (watched for {})", human_duration(within),
                         human_duration(watched(f)));
  return j;
}

}  // namespace muster::measure
