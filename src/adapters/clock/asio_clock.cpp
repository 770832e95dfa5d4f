#include "adapters/clock/asio_clock.hpp"

#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/system/system_error.hpp>
#include <map>
#include <utility>

namespace muster::clock {
namespace {

using boost::asio::posix::stream_descriptor;

constexpr std::int64_t kSecond = 1'000'000'000;

std::int64_t read_clock(clockid_t id) {
  timespec t{};
  ::clock_gettime(id, &t);
  return t.tv_sec * kSecond + t.tv_nsec;
}

int open_timer() {
  const int fd = ::timerfd_create(CLOCK_BOOTTIME, TFD_NONBLOCK | TFD_CLOEXEC);
  if (fd < 0)
    throw boost::system::system_error{errno, boost::system::system_category(), "timerfd_create"};
  return fd;
}

}  // namespace

struct AsioClock::Queue : std::enable_shared_from_this<Queue> {
  explicit Queue(boost::asio::io_context& io) : timer{io, open_timer()} {}

  std::map<std::pair<Instant, Timer>, std::function<void()>> by_time;
  std::map<Timer, Instant> time_of;
  Timer last = 0;
  stream_descriptor timer;
  bool waiting = false;

  /// Sets the timerfd to the earliest timer and waits for it; without timers the wait ends, so that
  /// an io_context that has nothing else to do can return from run().
  void arm() {
    if (by_time.empty()) {
      if (waiting) timer.cancel();
      return;
    }
    // An expiry of zero would disarm the timerfd instead of firing at once.
    const std::int64_t when = std::max<std::int64_t>(1, ns(by_time.begin()->first.first));
    itimerspec spec{};
    spec.it_value = {when / kSecond, when % kSecond};
    ::timerfd_settime(timer.native_handle(), TFD_TIMER_ABSTIME, &spec, nullptr);
    if (!std::exchange(waiting, true)) wait();
  }

  void wait() {
    timer.async_wait(stream_descriptor::wait_read,
                     [weak = weak_from_this()](const boost::system::error_code& ec) {
                       if (auto self = weak.lock()) self->woken(!ec);
                     });
  }

  void woken(bool fired) {
    waiting = false;
    if (fired) {
      std::uint64_t expirations = 0;
      [[maybe_unused]] const auto n =
          ::read(timer.native_handle(), &expirations, sizeof expirations);
      run_due();
    }
    arm();
  }

  /// Only what was set before this turn: a callback that sets a timer in the past must not starve
  /// the loop.
  void run_due() {
    const Instant now = instant(read_clock(CLOCK_BOOTTIME));
    const Timer newest = last;
    for (auto it = by_time.begin(); it != by_time.end() && it->first.first <= now;
         it = by_time.begin()) {
      if (it->first.second > newest) break;
      auto fn = std::move(it->second);
      time_of.erase(it->first.second);
      by_time.erase(it);
      fn();
      if (!timer.is_open()) return;  // the callback destroyed the clock
    }
  }
};

AsioClock::AsioClock(boost::asio::io_context& io) : queue_{std::make_shared<Queue>(io)} {}

AsioClock::~AsioClock() {
  queue_->by_time.clear();
  queue_->time_of.clear();
  boost::system::error_code ignored;
  queue_->timer.close(ignored);
}

Instant AsioClock::now() const {
  return instant(read_clock(CLOCK_BOOTTIME));
}

WallTime AsioClock::wall() const {
  return wall_time(read_clock(CLOCK_REALTIME));
}

ports::Clock::Timer AsioClock::at(Instant when, std::function<void()> fn) {
  const Timer id = ++queue_->last;
  const auto it = queue_->by_time.emplace(std::pair{when, id}, std::move(fn)).first;
  queue_->time_of.emplace(id, when);
  if (it == queue_->by_time.begin()) queue_->arm();
  return id;
}

void AsioClock::cancel(Timer timer) {
  const auto it = queue_->time_of.find(timer);
  if (it == queue_->time_of.end()) return;
  queue_->by_time.erase({it->second, timer});
  queue_->time_of.erase(it);
  if (queue_->by_time.empty()) queue_->arm();
}

}  // namespace muster::clock
