// The rhythm as arithmetic: absolute, so that lateness never adds up, and without bursts.
#pragma once
#include <algorithm>

#include "base/time.hpp"

namespace muster::probes {

/// The first beat of `origin + k * every` that is still to come. Beats that were missed are not
/// made up for: they are gaps in what was observed, and a burst would only hide them.
inline Instant next_beat(Instant origin, Duration every, Instant now) {
  if (now < origin) return origin;
  return origin + ((now - origin) / every + 1) * every;
}

/// Probes that may be under way at once: so many that a service that answers nothing does not slow
/// the rhythm, but never more than a service can bear when it comes back.
inline constexpr std::int64_t kInFlightMax = 32;
inline std::size_t in_flight_max(Duration every, Duration timeout) {
  const std::int64_t needed = (timeout + every - Duration{1}) / every + 1;
  return static_cast<std::size_t>(std::clamp<std::int64_t>(needed, 1, kInFlightMax));
}

}  // namespace muster::probes
