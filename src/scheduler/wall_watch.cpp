#include "scheduler/wall_watch.hpp"

#include <utility>

namespace muster::scheduler {

namespace {

/// An alarm that only waits for the clock to be set rings so seldom by itself.
constexpr Duration kFar = std::chrono::hours{24};

}  // namespace

WallWatch::WallWatch(ports::Clock& clock, ports::WallAlarm& alarm, std::function<void()> on_wake)
    : clock_{clock}, alarm_{alarm}, on_wake_{std::move(on_wake)}, offset_{offset()} {}

Duration WallWatch::offset() const {
  return clock_.wall().time_since_epoch() - clock_.now().time_since_epoch();
}

void WallWatch::wake_at(std::optional<WallTime> when) {
  when_ = when;
  arm();
}

void WallWatch::arm() {
  alarm_.at(when_.value_or(clock_.wall() + kFar), [this](ports::WallAlarm::Why why) { rang(why); });
}

/// Armed again before anybody acts on it, so that no second setting is overlooked.
void WallWatch::rang(ports::WallAlarm::Why why) {
  if (why == ports::WallAlarm::Why::reached) when_.reset();
  arm();
  on_wake_();
}

std::optional<Duration> WallWatch::jumped() {
  const Duration now = offset(), by = now - offset_;
  if (by < kJump && by > -kJump) return std::nullopt;
  offset_ = now;
  return by;
}

}  // namespace muster::scheduler
