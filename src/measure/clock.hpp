// Places a time stamp of another machine on the controller's clock, with the error that this
// carries. Source: reference/measurement, "Clock". Pure; who asks the other machine is a port.
#pragma once
#include <span>

#include "base/result.hpp"
#include "measure/interval.hpp"

namespace muster::measure {

/// One exchange: asked at t0, the remote clock read t1 when the question came and t2 when it
/// answered, the answer was here at t3. A remote that reads its clock once gives t1 == t2.
struct ClockSample {
  Instant t0{};
  WallTime t1{};
  WallTime t2{};
  Instant t3{};
};

/// Remote clock minus controller's axis, as it was around `at`; the truth is within `half` of
/// `offset`.
struct ClockOffset {
  Duration offset{};
  Duration half{};
  Instant at{};
};

/// Refuses an exchange whose stamps contradict each other: a clock went backwards meanwhile.
Result<ClockOffset> clock_offset(const ClockSample& s);

/// The narrowest of several exchanges; impossible ones are passed over, an error when all are.
Result<ClockOffset> narrowest_offset(std::span<const ClockSample> samples);

/// How fast two clocks may drift apart: the most that a kernel slews a clock by (adjtimex).
inline constexpr std::int64_t kDriftPpmMax = 500;

/// What is known of a remote clock between (and around) two offsets.
struct ClockFit {
  ClockOffset before;
  ClockOffset after;
  Duration drift{};      // added to both sides: the most that the clock may have strayed in between
  bool stepped = false;  // before and after differ by more than any drift: someone set the clock
};

ClockFit fit_clock(const ClockOffset& before, const ClockOffset& after,
                   std::int64_t drift_ppm = kDriftPpmMax);

/// Where the stamp lies on the controller's axis. Contains the truth for stamps from `before.at` to
/// `after.at`; outside of them it is widened by the drift since. After a step it spans both
/// readings.
Moment place(WallTime stamp, const ClockFit& fit, std::int64_t drift_ppm = kDriftPpmMax);

}  // namespace muster::measure
