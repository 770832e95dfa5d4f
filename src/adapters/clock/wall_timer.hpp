// An alarm on the wall clock: a timerfd(CLOCK_REALTIME) that rings at its moment, and at once when
// somebody sets the clock (TFD_TIMER_CANCEL_ON_SET).
#pragma once
#include <boost/asio/io_context.hpp>
#include <memory>

#include "ports/wall_alarm.hpp"

namespace muster::clock {

/// Lives on the one thread that runs `io`, which has work while the alarm is set. Destroyed, it
/// calls nothing any more. Throws boost::system::system_error when the system has no timer left to
/// give (constructor only).
class WallTimer : public ports::WallAlarm {
 public:
  explicit WallTimer(boost::asio::io_context& io);
  ~WallTimer() override;
  WallTimer(const WallTimer&) = delete;
  WallTimer& operator=(const WallTimer&) = delete;

  void at(WallTime when, std::function<void(Why)> fn) override;

 private:
  struct Timer;
  std::shared_ptr<Timer> timer_;  // shared with the wait that is under way
};

}  // namespace muster::clock
