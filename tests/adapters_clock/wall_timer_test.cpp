// The alarm on the wall clock as it rings by itself. That it rings when the clock is set cannot be
// tried without setting the machine's: tests/scheduler/wall_watch_test.cpp has what follows then.
#include "adapters/clock/wall_timer.hpp"

#include "adapters/clock/asio_clock.hpp"
#include "tests/catch.hpp"

namespace muster::clock {
namespace {

using namespace std::chrono_literals;
using Why = ports::WallAlarm::Why;

struct Fixture {
  boost::asio::io_context io{1};
  AsioClock clock{io};
  std::vector<Why> rang;
  std::function<void(Why)> note = [this](Why why) { rang.push_back(why); };
};

TEST_CASE_METHOD(Fixture, "it rings once, not before its moment, and never from within at()") {
  WallTimer timer{io};
  const auto when = clock.wall() + 30ms;
  timer.at(when, note);
  CHECK(rang.empty());
  io.run();
  CHECK(rang == std::vector{Why::reached});
  CHECK(clock.wall() >= when);
  io.restart();
  io.run_for(20ms);
  CHECK(rang.size() == 1);
}

TEST_CASE_METHOD(Fixture,
                 "a moment that is over rings at once; a later alarm replaces an earlier") {
  WallTimer timer{io};
  timer.at(clock.wall() - 24h, note);
  io.run();
  CHECK(rang == std::vector{Why::reached});
  io.restart();
  timer.at(clock.wall() + 1h, [this](Why) { FAIL("it was replaced"); });
  timer.at(clock.wall() + 20ms, note);
  io.run();
  CHECK(rang.size() == 2);
}

TEST_CASE_METHOD(Fixture, "it may be set anew from its own callback") {
  WallTimer timer{io};
  int left = 3;
  std::function<void(Why)> again = [&](Why why) {
    rang.push_back(why);
    if (--left > 0) timer.at(clock.wall() + 5ms, again);
  };
  timer.at(clock.wall() + 5ms, again);
  io.run();
  CHECK(rang == std::vector(3, Why::reached));
}

TEST_CASE_METHOD(Fixture, "destroyed, it calls nothing any more") {
  {
    WallTimer timer{io};
    timer.at(clock.wall(), note);
  }
  io.run();
  CHECK(rang.empty());
}

}  // namespace
}  // namespace muster::clock
