// The life of one simulated process: what comes for it waits while it is stopped (SIGSTOP, a
// machine that sleeps), in the order in which it came; once it is dead it is for nobody.
#pragma once
#include <algorithm>
#include <functional>
#include <map>
#include <memory>
#include <utility>

#include "tests/sim/timeline.hpp"

namespace muster::sim {

class Life : public std::enable_shared_from_this<Life> {
 public:
  explicit Life(Timeline& time) : time_{time} {}

  bool dead() const { return dead_; }
  void end() { dead_ = true; }
  /// Time goes on without it; a second one only prolongs the first.
  void stop_for(Duration length) { until_ = std::max(until_, time_.now() + length); }
  bool stopped() const { return time_.now() < until_; }
  Instant goes_on_at() const { return until_; }

  /// Runs `fn` now, or when the process goes on, or never.
  void hand(std::function<void()> fn) {
    if (dead_) return;
    if (!stopped()) return fn();
    time_.at(until_, [self = shared_from_this(), fn = std::move(fn)] { self->hand(fn); });
  }

 private:
  Timeline& time_;
  Instant until_{};
  bool dead_ = false;
};

/// One process's view of the time.
class Clock final : public ports::Clock {
 public:
  Clock(Timeline& time, std::shared_ptr<Life> life) : time_{time}, life_{std::move(life)} {}
  Instant now() const override { return time_.now(); }
  WallTime wall() const override { return time_.wall(); }
  Timer at(Instant when, std::function<void()> fn) override {
    // Shared, so that one which is due already and waits for the process can still be cancelled.
    auto task = std::make_shared<std::function<void()>>(std::move(fn));
    const Timer timer = time_.at(when, [life = life_, task] {
      life->hand([task] {
        if (*task) std::exchange(*task, nullptr)();
      });
    });
    tasks_[timer] = task;
    return timer;
  }
  void cancel(Timer timer) override {
    time_.cancel(timer);
    if (auto node = tasks_.extract(timer))
      if (const auto task = node.mapped().lock()) *task = nullptr;
  }

 private:
  Timeline& time_;
  std::shared_ptr<Life> life_;
  std::map<Timer, std::weak_ptr<std::function<void()>>> tasks_;
};

}  // namespace muster::sim
