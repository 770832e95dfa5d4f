// Names that nobody else can have made: 128 random bits from the operating system.
#pragma once
#include <string>

#include "base/time.hpp"

namespace muster {

/// 32 lower-case hex digits. Effects carry one: a target recognises what is its own by it.
std::string random_id();

/// "20261122-211505-3f9a0c": sorts by start, says when, and does not collide. Runs carry one.
std::string run_id(WallTime started);

}  // namespace muster
