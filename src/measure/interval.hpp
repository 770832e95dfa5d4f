// What Muster reports instead of bare numbers: when an event happened, and how long something took,
// each with both its ends and with the samples that set them. Values; source:
// reference/measurement.
#pragma once
#include <cstdint>
#include <optional>
#include <string>

#include "base/time.hpp"

namespace muster::measure {

/// An event that lies between two instants of the controller's clock. An absent end is not known
/// (not "zero", not "now"). `lo_n` and `hi_n` name the samples that set the ends; 0 = no sample
/// did.
struct Moment {
  std::optional<Instant> lo;
  std::optional<Instant> hi;
  std::uint64_t lo_n = 0;
  std::uint64_t hi_n = 0;
  bool operator==(const Moment&) const = default;
};

/// A length of time within [lo, hi]; an absent `hi` is "without end, as far as was seen". lo >= 0.
struct Interval {
  Duration lo{};
  std::optional<Duration> hi;
  bool operator==(const Interval&) const = default;
};

/// The length from one event to another: [to.lo - from.hi, to.hi - from.lo], each end at least 0.
Interval between(const Moment& from, const Moment& to);

/// Both lengths one after the other.
Interval operator+(const Interval& a, const Interval& b);

/// "12.3 s to 12.9 s", "at least 40.0 s", "at most 200 ms", for people.
std::string human_interval(const Interval& i);

}  // namespace muster::measure
