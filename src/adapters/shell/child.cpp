#include "adapters/shell/child.hpp"

#include <linux/close_range.h>
#include <signal.h>
#include <unistd.h>

#include <array>
#include <boost/asio/buffer.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/readable_pipe.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/writable_pipe.hpp>
#include <boost/asio/write.hpp>
#include <boost/optional.hpp>
// The headers of Process v2 in Boost 1.81 do not include all that they use: optional, type_traits.
#include <boost/type_traits.hpp>

#include <boost/process/v2/process.hpp>
#include <boost/process/v2/stdio.hpp>
#include <deque>
#include <optional>

namespace muster::shell {
namespace asio = boost::asio;
namespace process = boost::process::v2;
using boost::system::error_code;

namespace {

/// Between fork and exec: a session of its own, so that nothing below it can ask at our terminal
/// (an ssh to a jump host opens /dev/tty whatever we told the first one), and with it a group;
/// signals as a new program expects them, and no descriptor of ours (the launcher of Boost 1.81
/// leaves open what is not marked).
struct OwnGroup {
  template <class Launcher>
  process::error_code on_exec_setup(Launcher&, const process::filesystem::path&,
                                    const char* const*) {
    ::setsid();
    ::close_range(3, ~0u, CLOSE_RANGE_CLOEXEC);
    ::signal(SIGPIPE, SIG_DFL);
    sigset_t none;
    sigemptyset(&none);
    ::sigprocmask(SIG_SETMASK, &none, nullptr);
    return {};
  }
};

}  // namespace

struct Child::Impl : std::enable_shared_from_this<Impl> {
  Impl(asio::io_context& io, Events e) : in{io}, out{io}, err{io}, late{io}, events{std::move(e)} {}

  using Pipe = asio::readable_pipe;
  using Sink = std::function<void(std::string_view)> Events::*;
  asio::writable_pipe in;
  Pipe out, err;
  asio::steady_timer late;
  std::optional<process::process> child;
  Events events;
  std::deque<std::string> unsent;
  std::array<char, 16384> out_bytes{}, err_bytes{};
  int open_streams = 2;
  int status = -1;
  bool exited = false, over = false;

  void read(Pipe& pipe, std::array<char, 16384>& bytes, Sink sink) {
    pipe.async_read_some(asio::buffer(bytes), [self = shared_from_this(), &pipe, &bytes, sink](
                                                  error_code ec, std::size_t n) {
      if (self->over) return;
      if (ec) {
        --self->open_streams;
        self->maybe_end();
        return;
      }
      (self->events.*sink)(std::string_view{bytes.data(), n});
      if (!self->over) self->read(pipe, bytes, sink);
    });
  }

  void write() {
    asio::async_write(in, asio::buffer(unsent.front()),
                      [self = shared_from_this()](error_code ec, std::size_t) {
                        // A reader that is gone shows as the child's end; there is nothing to do
                        // about it here.
                        if (self->over || ec) return;
                        self->unsent.pop_front();
                        if (!self->unsent.empty()) self->write();
                      });
  }

  void wait() {
    child->async_wait([self = shared_from_this()](error_code, int exit_code) {
      if (self->over) return;
      self->exited = true;
      self->status = exit_code;
      // An ssh master in the background may keep a stream open for ever.
      self->late.expires_after(std::chrono::milliseconds{200});
      self->late.async_wait([self](error_code ec) {
        if (ec || self->over) return;
        self->open_streams = 0;
        self->maybe_end();
      });
      self->maybe_end();
    });
  }

  void maybe_end() {
    if (over || !exited || open_streams > 0) return;
    over = true;
    late.cancel();
    events.ended({status, "", false});
  }
};

Child::Child(std::shared_ptr<Impl> impl) : impl_{std::move(impl)} {}

std::unique_ptr<Child> Child::start(asio::io_context& io, const std::vector<std::string>& argv,
                                    Events events) {
  auto impl = std::make_shared<Impl>(io, std::move(events));
  // Through env: it finds the program, and says what is wrong by its exit instead of by a half-made
  // child.
  try {
    impl->child.emplace(io, "/usr/bin/env", argv,
                        process::process_stdio{impl->in, impl->out, impl->err}, OwnGroup{});
    // First: a child that is quick may have spoken by now.
    asio::post(io, [impl] {
      if (!impl->over && impl->events.ready) impl->events.ready();
    });
    impl->read(impl->out, impl->out_bytes, &Events::out);
    impl->read(impl->err, impl->err_bytes, &Events::err);
    impl->wait();
  } catch (const std::exception& e) {
    asio::post(io, [impl, what = std::string{e.what()}] {
      if (impl->over) return;
      impl->events.err(what);
      impl->over = true;
      impl->events.ended({127, "", false});
    });
  }
  return std::unique_ptr<Child>{new Child{std::move(impl)}};
}

Child::~Child() {
  impl_->over = true;
  error_code ignored;
  impl_->late.cancel();
  impl_->in.close(ignored);
  impl_->out.close(ignored);
  impl_->err.close(ignored);
  if (impl_->child && !impl_->exited) {
    // The pending wait reaps it and keeps `impl` until then. One that runs as root by sudo cannot
    // be killed by us; it ends because its stdin did.
    ::kill(-impl_->child->id(), SIGKILL);
  }
}

void Child::send(std::string bytes) {
  impl_->unsent.push_back(std::move(bytes));
  if (impl_->unsent.size() == 1) impl_->write();
}

}  // namespace muster::shell
