// The RTO that a restore test lets one expect: an estimate, never "met". Source:
// reference/measurement, "RTA as an interval", last point.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "measure/interval.hpp"

namespace muster::measure {

enum class Provenance { measured, declared };
std::string_view name(Provenance p);

struct EstimatePart {
  std::string what;  // "restore (S to V)", "detect", "decide", "reroute"
  Interval length;
  Provenance provenance = Provenance::declared;
};

/// What the drill declares; an absent part was not declared, and the estimate says so.
struct EstimateQuestion {
  Duration rto{};
  std::optional<Duration> detect, decide, reroute;
};

struct Estimate {
  std::vector<EstimatePart> parts;  // in the order of events
  std::vector<std::string> left_out;
  Interval total;
  Duration rto{};
  std::string sentence;
};

/// `restore`: the technical restore time, S to V; absent when the restore did not come to its end.
Estimate estimate_rto(const std::optional<Interval>& restore, const EstimateQuestion& question);

}  // namespace muster::measure
