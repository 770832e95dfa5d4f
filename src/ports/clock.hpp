// Time and timers, as the engine sees them. Real: CLOCK_BOOTTIME and Asio. Simulated: tests/sim.
#pragma once
#include <cstdint>
#include <functional>

#include "base/time.hpp"

namespace muster::ports {

/// Used from the engine's thread only; callbacks run on it.
class Clock {
 public:
  virtual ~Clock() = default;
  virtual Instant now() const = 0;
  virtual WallTime wall() const = 0;
  using Timer = std::uint64_t;
  /// Calls `fn` once, not before `when` and never from within at().
  virtual Timer at(Instant when, std::function<void()> fn) = 0;
  /// A timer that has run or is unknown is ignored.
  virtual void cancel(Timer timer) = 0;
};

}  // namespace muster::ports
