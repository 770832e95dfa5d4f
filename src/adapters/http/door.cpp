#include "adapters/http/door.hpp"

#include <sys/socket.h>

#include <cerrno>

namespace muster::http {
namespace {

using boost::system::error_code;

/// No descriptors or memory left: the next try.
constexpr std::chrono::milliseconds kPause{200};

}  // namespace

Door::Door(boost::asio::io_context& io, Fd listening, std::size_t connections_max, Greet greet)
    : listening_{io, listening.get()},
      retry_{io},
      connections_max_{connections_max},
      greet_{std::move(greet)} {
  listening.release();
}

void Door::open() {
  accept();
}

void Door::accept() {
  if (over_ || waiting_ || inside_ >= connections_max_) return;
  waiting_ = true;
  listening_.async_wait(boost::asio::posix::descriptor_base::wait_read,
                        [weak = weak_from_this()](const error_code& ec) {
                          const auto self = weak.lock();
                          if (!self || ec || self->over_) return;
                          self->waiting_ = false;
                          self->take();
                        });
}

void Door::take() {
  Fd fd{accept4(listening_.native_handle(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK)};
  if (fd.good()) {
    ++inside_;
    greet_(std::move(fd));
    return accept();
  }
  if (errno == EAGAIN || errno == ECONNABORTED || errno == EINTR) return accept();
  retry_.expires_after(kPause);
  retry_.async_wait([weak = weak_from_this()](const error_code& ec) {
    if (const auto self = weak.lock(); self && !ec) self->accept();
  });
}

void Door::admit(
    const std::function<std::shared_ptr<Connection>(std::function<void()> ended)>& make) {
  if (over_) return;
  const auto slot = std::make_shared<std::weak_ptr<Connection>>();
  const auto connection = make([weak = weak_from_this(), slot] {
    if (const auto self = weak.lock()) self->leave(slot->lock());
  });
  if (!connection) return turn_away();
  *slot = connection;
  connections_.insert(connection);
  connection->begin();
}

void Door::turn_away() {
  --inside_;
  accept();
}

void Door::leave(const std::shared_ptr<Connection>& connection) {
  connections_.erase(connection);
  turn_away();
}

void Door::close() {
  over_ = true;
  error_code ignored;
  listening_.close(ignored);
  retry_.cancel();
  for (const auto& connection : connections_) connection->stop();
  connections_.clear();
}

}  // namespace muster::http
