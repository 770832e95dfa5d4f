// The real clock: order of timers, cancelling, and what becomes of them when it goes away.
#include "adapters/clock/asio_clock.hpp"

#include <boost/asio/post.hpp>

#include "tests/catch.hpp"

using namespace std::chrono_literals;
using namespace muster;

TEST_CASE("timers run in order of their time, then of their setting, and never early") {
  boost::asio::io_context io;
  clock::AsioClock clock{io};
  std::string order;
  const Instant t = clock.now();
  clock.at(t + 20ms, [&] { order += clock.now() >= t + 20ms ? "c" : "early"; });
  clock.at(t + 10ms, [&] { order += clock.now() >= t + 10ms ? "a" : "early"; });
  clock.at(t + 10ms, [&] { order += "b"; });
  clock.at(instant(0), [&] { order += "past "; });
  CHECK(order.empty());
  io.run();  // returns when no timer is left
  CHECK(order == "past abc");
}

TEST_CASE("a cancelled timer does not run, even when it is due in the same turn") {
  boost::asio::io_context io;
  clock::AsioClock clock{io};
  int ran = 0;
  ports::Clock::Timer second = 0;
  const Instant t = clock.now();
  clock.at(t, [&] {
    ++ran;
    clock.cancel(second);
  });
  second = clock.at(t, [&] { ran += 100; });
  const auto far = clock.at(t + 1h, [&] { ran += 1000; });
  clock.at(t + 5ms, [&] { clock.cancel(far); });
  clock.cancel(12345);
  io.run();
  CHECK(ran == 1);
}

TEST_CASE("a callback that sets a timer in the past does not starve the loop") {
  boost::asio::io_context io;
  clock::AsioClock clock{io};
  int turns = 0;
  bool other = false;
  std::function<void()> again = [&] {
    if (++turns < 1000) clock.at(instant(0), again);
  };
  clock.at(instant(0), again);
  boost::asio::post(io, [&] { other = turns < 1000; });
  io.run();
  CHECK(turns == 1000);
  CHECK(other);
}

TEST_CASE("a clock that goes away calls nobody") {
  boost::asio::io_context io;
  auto clock = std::make_unique<clock::AsioClock>(io);
  int ran = 0;
  clock->at(clock->now(), [&] {
    ++ran;
    clock.reset();
  });
  clock->at(clock->now(), [&] { ++ran; });
  io.run();
  CHECK(ran == 1);
}

TEST_CASE("the axis is CLOCK_BOOTTIME, the wall is UTC") {
  boost::asio::io_context io;
  const clock::AsioClock clock{io};
  timespec boot{};
  ::clock_gettime(CLOCK_BOOTTIME, &boot);
  const auto apart = ns(clock.now()) - (boot.tv_sec * 1'000'000'000 + boot.tv_nsec);
  CHECK(apart >= 0);
  CHECK(apart < 1'000'000'000);
  const auto wall = std::chrono::system_clock::now().time_since_epoch();
  CHECK(std::chrono::abs(clock.wall().time_since_epoch() - wall) < 1s);
}
