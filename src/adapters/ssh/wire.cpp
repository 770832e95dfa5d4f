#include "adapters/ssh/wire.hpp"

#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <cerrno>
#include <cstring>
#include <utility>

namespace muster::ssh {
namespace {
namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

class TcpWire final : public Wire {
 public:
  explicit TcpWire(tcp::socket socket) : state_{std::make_shared<State>(std::move(socket))} {
    error_code ignored;
    state_->socket.set_option(tcp::no_delay{true}, ignored);
    state_->socket.native_non_blocking(true, ignored);
  }
  ~TcpWire() override {
    state_->wake = nullptr;
    error_code ignored;
    state_->socket.close(ignored);
  }

  ssize_t read(char* to, std::size_t size) override {
    const auto n = ::recv(state_->socket.native_handle(), to, size, MSG_NOSIGNAL);
    return n >= 0 ? n : -errno;
  }
  ssize_t write(const char* from, std::size_t size) override {
    const auto n = ::send(state_->socket.native_handle(), from, size, MSG_NOSIGNAL);
    return n >= 0 ? n : -errno;
  }
  bool closed() override {
    pollfd now{state_->socket.native_handle(), POLLRDHUP, 0};
    return ::poll(&now, 1, 0) > 0;
  }
  void watch(bool room, std::function<void()> wake) override {
    state_->wake = std::move(wake);
    if (!state_->reading) state_->arm(tcp::socket::wait_read, &State::reading);
    if (room && !state_->writing) state_->arm(tcp::socket::wait_write, &State::writing);
  }

 private:
  struct State : std::enable_shared_from_this<State> {
    explicit State(tcp::socket s) : socket{std::move(s)} {}
    void arm(tcp::socket::wait_type what, bool State::*armed) {
      this->*armed = true;
      socket.async_wait(what, [self = shared_from_this(), armed](error_code ec) {
        (*self).*armed = false;
        if (ec == asio::error::operation_aborted || !self->wake) return;
        const auto call = self->wake;
        call();
      });
    }
    tcp::socket socket;
    bool reading = false, writing = false;
    std::function<void()> wake;
  };
  std::shared_ptr<State> state_;
};

struct Connecting : std::enable_shared_from_this<Connecting> {
  Connecting(asio::io_context& io, const std::vector<std::string>& names, std::uint16_t port,
             Duration e, std::function<void(std::unique_ptr<Wire>, const std::string&)> d)
      : socket{io}, patience{io}, each{e}, done{std::move(d)} {
    for (const auto& name : names) {
      error_code ec;
      const auto address = asio::ip::make_address(name, ec);
      if (!ec) ends.emplace_back(address, port);
    }
  }
  void next(const std::string& why) {
    if (stopped) return;
    // Its receiver may drop us: the function that runs must be its own.
    if (at == ends.size()) return std::exchange(done, nullptr)(nullptr, why);
    error_code ignored;
    socket.close(ignored);
    silent = false;
    socket.async_connect(ends[at++], [self = shared_from_this()](error_code ec) {
      self->patience.cancel();
      if (self->stopped) return;
      if (ec || self->silent) return self->next(self->silent ? "no answer" : ec.message());
      std::exchange(self->done, nullptr)(std::make_unique<TcpWire>(std::move(self->socket)), "");
    });
    if (at == ends.size()) return;
    patience.expires_after(each);
    patience.async_wait([self = shared_from_this(), tried = at](error_code ec) {
      if (ec || self->stopped || self->at != tried) return;
      self->silent = true;
      error_code closed;
      self->socket.close(closed);  // its connect ends, and goes on with the next
    });
  }
  tcp::socket socket;
  asio::steady_timer patience;
  const Duration each;
  std::vector<tcp::endpoint> ends;
  std::function<void(std::unique_ptr<Wire>, const std::string&)> done;
  std::size_t at = 0;
  bool stopped = false, silent = false;
};

}  // namespace

std::shared_ptr<void> connect_tcp(
    asio::io_context& io, const std::vector<std::string>& addresses, std::uint16_t port,
    Duration each, std::function<void(std::unique_ptr<Wire>, const std::string& why)> done) {
  auto made = std::make_shared<Connecting>(io, addresses, port, each, std::move(done));
  asio::post(io, [made] { made->next("it has no address"); });
  return {nullptr, [made](void*) {
            made->stopped = true;
            made->done = nullptr;
            error_code ignored;
            made->socket.close(ignored);
            made->patience.cancel();
          }};
}

void TunnelWire::arrived(std::string_view bytes) {
  {
    const std::lock_guard lock{mutex_};
    if (in_.size() - taken_ + bytes.size() > kBytesMax)
      closed_ = true;
    else
      in_.append(bytes);
  }
  if (const auto wake = std::exchange(wake_, nullptr)) wake();
}

bool TunnelWire::closed() {
  const std::lock_guard lock{mutex_};
  return closed_;
}

void TunnelWire::ended() {
  {
    const std::lock_guard lock{mutex_};
    closed_ = true;
  }
  if (const auto wake = std::exchange(wake_, nullptr)) wake();
}

ssize_t TunnelWire::read(char* to, std::size_t size) {
  const std::lock_guard lock{mutex_};
  const auto n = std::min(size, in_.size() - taken_);
  if (n == 0) return closed_ ? 0 : -EAGAIN;
  std::memcpy(to, in_.data() + taken_, n);
  taken_ += n;
  if (taken_ == in_.size()) {
    in_.clear();
    taken_ = 0;
  }
  return static_cast<ssize_t>(n);
}

ssize_t TunnelWire::write(const char* from, std::size_t size) {
  const std::lock_guard lock{mutex_};
  if (closed_) return -EPIPE;
  const auto room = kUnsentBytesMax - std::min(unsent_ + out_.size(), kUnsentBytesMax);
  if (room == 0) return -EAGAIN;
  const auto taken = std::min(size, room);
  out_.append(from, taken);
  return static_cast<ssize_t>(taken);
}

void TunnelWire::left(std::size_t bytes) {
  bool room = false;
  {
    const std::lock_guard lock{mutex_};
    unsent_ = bytes;
    room = wants_room_ && unsent_ + out_.size() < kUnsentBytesMax;
  }
  if (!room) return;
  if (const auto wake = std::exchange(wake_, nullptr)) wake();
}

void TunnelWire::watch(bool room, std::function<void()> wake) {
  std::string bytes;
  bool more = false;
  {
    const std::lock_guard lock{mutex_};
    bytes.swap(out_);
    unsent_ += bytes.size();
    wants_room_ = room;
    more = taken_ < in_.size() || closed_;
  }
  if (!bytes.empty() && process_) process_->send(std::move(bytes));
  wake_ = std::move(wake);
  // Something came while a worker had the session: nobody was there to be woken.
  if (more)
    asio::post(io_, [wake = wake_] {
      if (wake) wake();
    });
}

}  // namespace muster::ssh
