// Whether the library that schedules are resolved with agrees with libc on this machine: two
// libraries, one database, and a drill must not start an hour off because one of them misreads it.
#pragma once
#include <span>

#include "base/result.hpp"
#include "schedule/zone.hpp"

namespace muster::cli {

/// Compares local times of both, from 1980 to 2199, of the given zones and of a few known to be
/// difficult. An error names the zone and the instant; then nothing may be scheduled. Sets and
/// restores TZ of the process: call it while there is one thread.
Result<> check_zones_against_libc(std::span<const schedule::Zone> zones);

}  // namespace muster::cli
