// What a server does when its wall clock is set: it looks at once, and knows by how much.
#include "scheduler/wall_watch.hpp"

#include "tests/catch.hpp"
#include "tests/schedule/helper.hpp"

namespace muster::scheduler {
namespace {

using namespace std::chrono_literals;
using schedule::utc;
using Why = ports::WallAlarm::Why;

/// Both clocks, set and passed by hand.
struct FakeClock final : ports::Clock {
  Instant steady{1h};
  WallTime shown = utc("2027-01-01T00:00:00Z");
  void pass(Duration d) {
    steady += d;
    shown += d;
  }
  Instant now() const override { return steady; }
  WallTime wall() const override { return shown; }
  Timer at(Instant, std::function<void()>) override { throw std::logic_error("not for this"); }
  void cancel(Timer) override {}
};

struct FakeAlarm final : ports::WallAlarm {
  std::optional<WallTime> when;
  std::function<void(Why)> fn;
  void at(WallTime moment, std::function<void(Why)> ring) override {
    when = moment;
    fn = std::move(ring);
  }
  void ring(Why why) {
    when.reset();
    std::exchange(fn, nullptr)(why);
  }
};

struct Watched {
  FakeClock clock;
  FakeAlarm alarm;
  std::vector<std::optional<Duration>> looks;  // by how much it was set, at each look
  WallWatch watch{clock, alarm, [this] { looks.push_back(watch.jumped()); }};
};

TEST_CASE_METHOD(Watched, "it wakes at the moment of the wall clock, and is not set for it again") {
  const auto when = clock.shown + 3h;
  watch.wake_at(when);
  CHECK(alarm.when == when);
  clock.pass(3h);
  alarm.ring(Why::reached);
  CHECK(looks == std::vector<std::optional<Duration>>{std::nullopt});
  REQUIRE(alarm.when);  // it still waits for the clock to be set
  CHECK(*alarm.when > clock.shown + 1h);
}

TEST_CASE_METHOD(Watched, "a clock that is set is seen at once, either way, and by how much") {
  const auto when = clock.shown + 3h;
  watch.wake_at(when);
  clock.pass(10min);
  clock.shown += 2h;
  alarm.ring(Why::set);
  CHECK(alarm.when == when);  // by the wall clock it is to come still
  clock.shown -= 26h;
  alarm.ring(Why::set);
  CHECK(looks == std::vector<std::optional<Duration>>{2h, -26h});
  CHECK_FALSE(watch.jumped());  // told once
}

TEST_CASE_METHOD(Watched, "set by next to nothing, and slewed, is no jump") {
  watch.wake_at(std::nullopt);
  clock.shown += 1s;
  alarm.ring(Why::set);  // also on waking up from suspend, when neither clock jumped
  CHECK(looks == std::vector<std::optional<Duration>>{std::nullopt});
  clock.shown += 1s;
  CHECK(watch.jumped() == std::optional<Duration>{2s});
}

}  // namespace
}  // namespace muster::scheduler
