#include "adapters/terminal/keyboard.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <signal.h>
#include <termios.h>
#include <unistd.h>

#include <array>
#include <boost/asio/buffer.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>

namespace muster::terminal {
namespace asio = boost::asio;

namespace {
constexpr std::chrono::milliseconds kBeat{500};
}  // namespace

struct Keyboard::Impl : std::enable_shared_from_this<Impl> {
  Impl(asio::io_context& io, int own, std::function<void()> t,
       std::function<void(const std::string&)> e)
      : input{io, own},
        again{io, SIGCONT},
        stopped{io, SIGTSTP},
        beat{io},
        typed{std::move(t)},
        entered{std::move(e)} {}

  asio::posix::stream_descriptor input;
  asio::signal_set again;
  asio::signal_set stopped;
  asio::steady_timer beat;
  termios before{};
  LineEditor editor;
  std::function<void()> typed;
  std::function<void(const std::string&)> entered;
  std::array<char, 256> buffer{};
  bool reading = false;
  bool ours = false;  // the terminal is set as we need it

  bool take() {
    if (::tcgetattr(input.native_handle(), &before) != 0) return false;
    set();
    return true;
  }
  bool in_front() { return ::tcgetpgrp(input.native_handle()) == ::getpgrp(); }
  void set() {
    // A process in the background is stopped for this (SIGTTOU): then it stays as it is.
    ours = in_front();
    if (!ours) return;
    termios raw = before;
    raw.c_lflag &= ~static_cast<tcflag_t>(ICANON | ECHO);
    raw.c_cc[VMIN] = 1;
    raw.c_cc[VTIME] = 0;
    ::tcsetattr(input.native_handle(), TCSADRAIN, &raw);
  }
  void put_back() {
    if (in_front()) ::tcsetattr(input.native_handle(), TCSADRAIN, &before);
    ours = false;
  }

  void read() {
    reading = true;
    const auto took = [self = weak_from_this()](const boost::system::error_code& ec,
                                                std::size_t size) {
      const auto me = self.lock();  // held until the end: `entered` may take the keyboard away
      if (!me) return;
      me->reading = false;
      if (ec) return;  // in the background: until it is brought back
      me->editor.type({me->buffer.data(), size}, [&](const std::string& l) { me->entered(l); });
      me->typed();
      me->read();
    };
    input.async_read_some(asio::buffer(buffer), took);
  }

  void come_back() {
    set();
    if (ours && !reading) read();
    typed();
  }
  void watch_return() {
    again.async_wait([self = weak_from_this()](const boost::system::error_code& ec, int) {
      const auto me = self.lock();
      if (!me || ec) return;
      me->come_back();
      me->watch_return();
    });
  }
  /// Ctrl-Z: the shell must find its terminal as it left it.
  void watch_stop() {
    stopped.async_wait([self = weak_from_this()](const boost::system::error_code& ec, int) {
      const auto me = self.lock();
      if (!me || ec) return;
      me->put_back();
      ::kill(::getpid(), SIGSTOP);
      me->watch_stop();
    });
  }
  /// A shell that takes a job to the front which was running in the background tells it nothing.
  void look() {
    beat.expires_after(kBeat);
    beat.async_wait([self = weak_from_this()](const boost::system::error_code& ec) {
      const auto me = self.lock();
      if (!me || ec) return;
      if (!me->in_front())
        me->ours = false;
      else if (!me->ours)
        me->come_back();
      me->look();
    });
  }
};

Keyboard::Keyboard(std::shared_ptr<Impl> impl) : impl_{std::move(impl)} {}

std::unique_ptr<Keyboard> Keyboard::open(asio::io_context& io, int fd, std::function<void()> typed,
                                         std::function<void(const std::string&)> entered) {
  if (!::isatty(fd)) return nullptr;
  // Opened anew: what is made non-blocking here would stay so for the shell that shares it.
  const int own = ::open(fmt::format("/proc/self/fd/{}", fd).c_str(),
                         O_RDWR | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
  if (own < 0) return nullptr;
  // Reading in the background would stop the process, and with it the leases: an error is better.
  ::signal(SIGTTIN, SIG_IGN);
  auto impl = std::make_shared<Impl>(io, own, std::move(typed), std::move(entered));
  if (!impl->take()) return nullptr;
  impl->read();
  impl->watch_return();
  impl->watch_stop();
  impl->look();
  return std::unique_ptr<Keyboard>{new Keyboard{std::move(impl)}};
}

Keyboard::~Keyboard() {
  impl_->put_back();
}

const std::string& Keyboard::text() const {
  return impl_->editor.text();
}

}  // namespace muster::terminal
