#include "adapters/clock/wall_timer.hpp"

#include <sys/timerfd.h>
#include <unistd.h>

#include <algorithm>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/post.hpp>
#include <boost/system/system_error.hpp>
#include <utility>

namespace muster::clock {
namespace {

using boost::asio::posix::stream_descriptor;

constexpr std::int64_t kSecondNs = 1'000'000'000;

int open_wall_timer() {
  const int fd = ::timerfd_create(CLOCK_REALTIME, TFD_NONBLOCK | TFD_CLOEXEC);
  if (fd < 0)
    throw boost::system::system_error{errno, boost::system::system_category(), "timerfd_create"};
  return fd;
}

}  // namespace

struct WallTimer::Timer : std::enable_shared_from_this<Timer> {
  explicit Timer(boost::asio::io_context& io) : fd{io, open_wall_timer()} {}

  stream_descriptor fd;
  std::function<void(Why)> ring;  // empty: nothing is set
  bool waiting = false;

  void arm(WallTime when) {
    // An expiry of zero would disarm the timerfd instead of firing at once.
    const std::int64_t at = std::max<std::int64_t>(1, ns(when));
    itimerspec spec{};
    spec.it_value = {at / kSecondNs, at % kSecondNs};
    const int set = ::timerfd_settime(fd.native_handle(),
                                      TFD_TIMER_ABSTIME | TFD_TIMER_CANCEL_ON_SET, &spec, nullptr);
    if (!std::exchange(waiting, true)) wait();
    // The clock was set since this timer was armed before: it is armed all the same, and says so
    // here alone.
    if (set < 0 && errno == ECANCELED)
      boost::asio::post(fd.get_executor(), [weak = weak_from_this()] {
        if (const auto self = weak.lock()) self->rings(Why::set);
      });
  }

  void wait() {
    fd.async_wait(stream_descriptor::wait_read,
                  [weak = weak_from_this()](const boost::system::error_code& ec) {
                    if (const auto self = weak.lock()) self->woken(!ec);
                  });
  }

  void woken(bool good) {
    waiting = false;
    if (!good) return;
    std::uint64_t expirations = 0;
    const auto got = ::read(fd.native_handle(), &expirations, sizeof expirations);
    if (got == sizeof expirations) return rings(Why::reached);
    if (got < 0 && errno == ECANCELED) return rings(Why::set);
    // It was set anew in between: what it was set to is still to come.
    if (ring && !std::exchange(waiting, true)) wait();
  }

  void rings(Why why) {
    if (const auto fn = std::exchange(ring, nullptr)) fn(why);
    // A clock that is set while nobody waits needs nobody to be told.
    if (fd.is_open() && ring && !std::exchange(waiting, true)) wait();
  }
};

WallTimer::WallTimer(boost::asio::io_context& io) : timer_{std::make_shared<Timer>(io)} {}

WallTimer::~WallTimer() {
  timer_->ring = nullptr;
  boost::system::error_code ignored;
  timer_->fd.close(ignored);
}

void WallTimer::at(WallTime when, std::function<void(Why)> fn) {
  timer_->ring = std::move(fn);
  timer_->arm(when);
}

}  // namespace muster::clock
