// Time that stands still until the test moves it.
#pragma once
#include <map>
#include <utility>

#include "ports/clock.hpp"

namespace muster::probes::test {

class FakeClock : public ports::Clock {
 public:
  Instant now() const override { return now_; }
  WallTime wall() const override { return WallTime{now_.time_since_epoch()}; }
  Timer at(Instant when, std::function<void()> fn) override {
    timers_.emplace(std::pair{when, ++last_}, std::move(fn));
    return last_;
  }
  void cancel(Timer timer) override {
    std::erase_if(timers_, [&](const auto& t) { return t.first.second == timer; });
  }

  /// Timers run when they are due, each at its own time.
  void advance(Duration by) {
    const Instant until = now_ + by;
    while (!timers_.empty() && timers_.begin()->first.first <= until) {
      now_ = std::max(now_, timers_.begin()->first.first);
      const auto fn = std::move(timers_.begin()->second);
      timers_.erase(timers_.begin());
      fn();
    }
    now_ = until;
  }
  /// Time goes by and nothing runs: the thread was not scheduled.
  void stall(Duration by) { now_ += by; }

 private:
  Instant now_ = instant(1'000'000'000);
  std::map<std::pair<Instant, Timer>, std::function<void()>> timers_;
  Timer last_ = 0;
};

}  // namespace muster::probes::test
