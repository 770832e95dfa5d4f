#include "measure/clock.hpp"

#include <algorithm>
#include <cstdlib>
#include <optional>

namespace muster::measure {
namespace {

/// The most that two clocks drift apart over `time` of either; rounded up.
Duration drift_over(Duration time, std::int64_t ppm) {
  return Duration{std::abs(time.count()) / (1'000'000 - ppm) * ppm + ppm};
}

}  // namespace

Result<ClockOffset> clock_offset(const ClockSample& s) {
  const Duration away = s.t3 - s.t0;
  const Duration remote = s.t2 - s.t1;
  if (remote < Duration::zero() || away < remote)
    return Error{
        "the stamps of a clock comparison contradict each other: a clock was set meanwhile",
        "compare the clocks again"};
  // Each direction by itself stays in range, where the sum of two stamps of this century would be
  // near its end.
  const std::int64_t there = ns(s.t1) - ns(s.t0);
  const std::int64_t back = ns(s.t2) - ns(s.t3);
  const std::int64_t offset = back + (there - back) / 2;
  return ClockOffset{Duration{offset}, (away - remote + Duration{1}) / 2, s.t0 + away / 2};
}

Result<ClockOffset> narrowest_offset(std::span<const ClockSample> samples) {
  std::optional<ClockOffset> best;
  for (const auto& s : samples)
    if (const auto o = clock_offset(s); o && (!best || o->half < best->half)) best = *o;
  if (!best)
    return Error{"no clock comparison can be used",
                 "compare the clocks again, while nobody sets them"};
  return *best;
}

ClockFit fit_clock(const ClockOffset& before, const ClockOffset& after, std::int64_t drift_ppm) {
  ClockFit fit{before, after, {}, false};
  if (fit.after.at < fit.before.at) std::swap(fit.before, fit.after);
  const Duration most = drift_over(fit.after.at - fit.before.at, drift_ppm);
  const Duration moved = Duration{std::abs((fit.after.offset - fit.before.offset).count())};
  fit.stepped = moved > most + before.half + after.half;
  fit.drift = (most + Duration{1}) / 2;  // it can stray at most half-way out and must be back
  return fit;
}

Moment place(WallTime stamp, const ClockFit& fit, std::int64_t drift_ppm) {
  const Duration least =
      std::min(fit.before.offset - fit.before.half, fit.after.offset - fit.after.half);
  const Duration most =
      std::max(fit.before.offset + fit.before.half, fit.after.offset + fit.after.half);
  const Instant lo = instant(ns(stamp) - (most + fit.drift).count());
  const Instant hi = instant(ns(stamp) - (least - fit.drift).count());
  const Duration outside = std::max({Duration::zero(), fit.before.at - lo, hi - fit.after.at});
  const Duration since =
      outside > Duration::zero() ? drift_over(outside, drift_ppm) : Duration::zero();
  return {lo - since, hi + since, 0, 0};
}

}  // namespace muster::measure
