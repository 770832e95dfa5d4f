// Time as Muster counts it. Durations are nanoseconds; an Instant is on the controller's
// CLOCK_BOOTTIME (monotonic, counts through suspend) and is what everything is judged on; a
// WallTime is UTC and is only for people and for stamps that come from elsewhere (reference:
// measurement, "Clock").
#pragma once
#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace muster {

using Duration = std::chrono::nanoseconds;

/// Tag of the controller's boot-time axis. Deliberately without now(): time is read at ports::Clock
/// only.
struct BootAxis {
  using duration = Duration;
  using rep = Duration::rep;
  using period = Duration::period;
  static constexpr bool is_steady = true;
};
using Instant = std::chrono::time_point<BootAxis, Duration>;
using WallTime = std::chrono::sys_time<Duration>;

/// A closed interval on one axis; lo <= hi. What Muster reports instead of a bare number.
struct Span {
  Duration lo{};
  Duration hi{};
  bool operator==(const Span&) const = default;
};

inline std::int64_t ns(Duration d) {
  return d.count();
}
inline std::int64_t ns(Instant t) {
  return t.time_since_epoch().count();
}
inline std::int64_t ns(WallTime t) {
  return t.time_since_epoch().count();
}
inline Instant instant(std::int64_t nanoseconds) {
  return Instant{Duration{nanoseconds}};
}
inline WallTime wall_time(std::int64_t nanoseconds) {
  return WallTime{Duration{nanoseconds}};
}

/// "200ms", "1.5s", "15m", "2h", "90d", and sums like "1h30m". Unit is required; negative is
/// refused; the most is 3650 days.
Result<Duration> parse_duration(std::string_view text);

/// Shortest exact form that parse_duration reads back: "1h30m", "250ms", "0s".
std::string format_duration(Duration d);

/// For people: three significant figures, "12.3 s", "4 min 05 s", "2 h 10 min", "850 ms".
std::string human_duration(Duration d);

/// "2026-11-22T21:15:05.482787Z" (RFC 3339, UTC, microseconds).
std::string format_utc(WallTime t);

/// Reads RFC 3339 with an offset or Z (also a blank instead of T, as PostgreSQL prints it, and
/// "+00").
Result<WallTime> parse_utc(std::string_view text);

}  // namespace muster
