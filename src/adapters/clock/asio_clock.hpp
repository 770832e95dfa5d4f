// The controller's clock: CLOCK_BOOTTIME, and timers on one absolute timerfd of an io_context.
// Asio's own timers are not used for what is judged: they stand still while the machine is
// suspended.
#pragma once
#include <boost/asio/io_context.hpp>
#include <memory>

#include "ports/clock.hpp"

namespace muster::clock {

/// Lives on the one thread that runs `io`; timers that are due together run in the order (time,
/// at()). The io_context has work while a timer is set. Destroyed, it calls nothing any more.
/// Throws boost::system::system_error when the system has no timer left to give (constructor only).
class AsioClock : public ports::Clock {
 public:
  explicit AsioClock(boost::asio::io_context& io);
  ~AsioClock() override;

  Instant now() const override;
  WallTime wall() const override;
  Timer at(Instant when, std::function<void()> fn) override;
  void cancel(Timer timer) override;

 private:
  struct Queue;
  std::shared_ptr<Queue> queue_;  // shared with the wait that is under way
};

}  // namespace muster::clock
