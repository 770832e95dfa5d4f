#include "adapters/terminal/output.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <boost/asio/steady_timer.hpp>
#include <cerrno>
#include <optional>
#include <utility>

namespace muster::terminal {
namespace asio = boost::asio;

namespace {
constexpr std::chrono::milliseconds kSocketBeat{50};
}  // namespace

struct Output::Impl : std::enable_shared_from_this<Impl> {
  Impl(asio::io_context& io, int fd) : direct{fd}, again{io} {
    struct stat what {};
    if (::fstat(fd, &what) != 0) return;
    is_socket = S_ISSOCK(what.st_mode);
    // Only what can be waited for: with /dev/null among what it waits for Asio fails at each fork,
    // in the child.
    if (!(::isatty(fd) == 1 || S_ISFIFO(what.st_mode))) return;
    const int own = ::open(fmt::format("/proc/self/fd/{}", fd).c_str(),
                           O_WRONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
    if (own < 0) return;
    later.emplace(io, own);
    // Written to in the background (`muster run … &`), a terminal may stop a process: never this
    // one.
    ::signal(SIGTTOU, SIG_IGN);
  }

  int direct;
  bool is_socket = false;
  std::optional<asio::posix::stream_descriptor> later;
  asio::steady_timer again;  // of a socket
  std::string waiting;
  std::uint64_t dropped = 0;
  bool watching = false;
  bool broken = false;  // nobody reads any more; the run goes on

  void add(std::string_view bytes) {
    if (broken) return;
    if (waiting.size() + bytes.size() > kBytesMax) {
      ++dropped;
      return;
    }
    waiting += bytes;
    push();
  }

  /// As much as goes now; the rest when there is room.
  void push() {
    const int fd = later ? later->native_handle() : direct;
    while (!waiting.empty()) {
      const auto n = is_socket
                         ? ::send(fd, waiting.data(), waiting.size(), MSG_DONTWAIT | MSG_NOSIGNAL)
                         : ::write(fd, waiting.data(), waiting.size());
      if (n > 0) {
        waiting.erase(0, static_cast<std::size_t>(n));
      } else if (errno == EAGAIN) {
        return watch();
      } else if (errno != EINTR) {
        broken = true;
        return waiting.clear();
      }
    }
    if (const auto lost = std::exchange(dropped, 0); lost > 0)
      add(fmt::format("… {} lines were not shown: nobody read them in time\n", lost));
  }

  void watch() {
    if (watching || !(later || is_socket)) return;
    watching = true;
    const auto room = [self = weak_from_this()](const boost::system::error_code& ec) {
      const auto me = self.lock();
      if (!me) return;
      me->watching = false;
      if (!ec) me->push();
    };
    if (later) return later->async_wait(asio::posix::descriptor_base::wait_write, room);
    // To wait for a socket, Asio would make it non-blocking for all that share it, and it cannot be
    // opened anew.
    again.expires_after(kSocketBeat);
    again.async_wait(room);
  }

  void drain(Duration most) {
    const auto until = std::chrono::steady_clock::now() + most;
    while (!waiting.empty() && !broken) {
      const auto left =
          std::chrono::ceil<std::chrono::milliseconds>(until - std::chrono::steady_clock::now());
      if (left.count() <= 0) return;
      pollfd room{later ? later->native_handle() : direct, POLLOUT, 0};
      if (::poll(&room, 1, static_cast<int>(left.count())) > 0) push();
    }
  }
};

Output::Output(asio::io_context& io, int fd) : impl_{std::make_shared<Impl>(io, fd)} {}
Output::~Output() = default;

void Output::write(std::string_view bytes) {
  impl_->add(bytes);
}
bool Output::idle() const {
  return impl_->waiting.empty();
}
void Output::drain(Duration most) {
  impl_->drain(most);
}

}  // namespace muster::terminal
