#include "adapters/http/server.hpp"

#include <fmt/format.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/thread_pool.hpp>
#include <cerrno>
#include <map>
#include <set>

#include "adapters/http/connection.hpp"
#include "adapters/http/peer.hpp"
#include "adapters/http/socket_file.hpp"

namespace muster::http {
namespace {

using Local = boost::asio::local::stream_protocol;
using boost::system::error_code;
using Names = std::map<std::uint32_t, std::string>;

/// No descriptors or memory left: the next try.
constexpr std::chrono::milliseconds kPause{200};

/// Lets clients in, as many as there is room for, each with its name.
class Door : public std::enable_shared_from_this<Door> {
 public:
  Door(boost::asio::io_context& io, boost::asio::thread_pool& lookups, Fd listening,
       Handler handler, const ServerOptions& options)
      : io_{io},
        lookups_{lookups},
        acceptor_{io, Local{}, listening.get()},
        retry_{io},
        handler_{std::make_shared<const Handler>(std::move(handler))},
        options_{options} {
    listening.release();
    // Whom to expect: looked up now, while nothing has been broken yet.
    std::set<std::uint32_t> expected{0, geteuid()};
    if (const auto login = own_login_uid()) expected.insert(*login);
    for (const auto uid : expected) names_[uid] = user_name(uid);
  }

  void accept() {
    if (over_ || waiting_ || inside_ >= options_.connections_max) return;
    waiting_ = true;
    acceptor_.async_wait(Local::acceptor::wait_read,
                         [weak = weak_from_this()](const error_code& ec) {
                           const auto self = weak.lock();
                           if (!self || ec || self->over_) return;
                           self->waiting_ = false;
                           self->take();
                         });
  }

  void close() {
    over_ = true;
    error_code ignored;
    acceptor_.close(ignored);
    retry_.cancel();
    for (const auto& connection : connections_) connection->stop();
    connections_.clear();
  }

 private:
  void take() {
    Fd fd{accept4(acceptor_.native_handle(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK)};
    if (fd.good()) {
      identify(std::move(fd));
      return accept();
    }
    if (errno == EAGAIN || errno == ECONNABORTED || errno == EINTR) return accept();
    retry_.expires_after(kPause);
    retry_.async_wait([weak = weak_from_this()](const error_code& ec) {
      if (const auto self = weak.lock(); self && !ec) self->accept();
    });
  }

  void identify(Fd fd) {
    const auto peer = peer_of(fd.get());
    if (!peer) return;  // nobody in particular is not let in
    ++inside_;
    if (names_.contains(peer->uid) && (!peer->login_uid || names_.contains(*peer->login_uid)))
      return let_in(std::move(fd), *peer);
    boost::asio::post(lookups_, [weak = weak_from_this(), io = io_.get_executor(),
                                 fd = std::move(fd), peer = *peer]() mutable {
      Names found{{peer.uid, user_name(peer.uid)}};
      if (peer.login_uid) found[*peer.login_uid] = user_name(*peer.login_uid);
      boost::asio::post(io, [weak, found = std::move(found), fd = std::move(fd), peer]() mutable {
        const auto self = weak.lock();
        if (!self || self->over_) return;
        self->names_.merge(found);
        self->let_in(std::move(fd), peer);
      });
    });
  }

  void let_in(Fd fd, const Peer& peer) {
    api::Principal who;
    who.uid = peer.uid;
    who.pid = peer.pid;
    who.name = names_.at(peer.uid);
    if (peer.login_uid) who.login_name = names_.at(*peer.login_uid);
    error_code ec;
    Local::socket socket{io_};
    if (socket.assign(Local{}, fd.get(), ec); ec) return leave({});
    fd.release();
    const auto slot = std::make_shared<std::weak_ptr<Connection>>();
    const auto connection = make_connection(std::move(socket), std::move(who), handler_, options_,
                                            [weak = weak_from_this(), slot] {
                                              if (const auto self = weak.lock())
                                                self->leave(slot->lock());
                                            });
    *slot = connection;
    connections_.insert(connection);
    connection->begin();
  }

  void leave(const std::shared_ptr<Connection>& connection) {
    connections_.erase(connection);
    --inside_;
    accept();
  }

  boost::asio::io_context& io_;
  boost::asio::thread_pool& lookups_;
  Local::acceptor acceptor_;
  boost::asio::steady_timer retry_;
  const std::shared_ptr<const Handler> handler_;
  const ServerOptions options_;
  Names names_;
  std::set<std::shared_ptr<Connection>> connections_;
  std::size_t inside_ = 0;  ///< connections, and those whose name is being looked up
  bool waiting_ = false;
  bool over_ = false;
};

/// Which file a path names: what is removed at the end is only what was made.
std::pair<dev_t, ino_t> identity_of(const std::filesystem::path& path) {
  struct stat there {};
  if (lstat(path.c_str(), &there) != 0) return {};
  return {there.st_dev, there.st_ino};
}

}  // namespace

struct Server::Parts {
  std::filesystem::path socket;
  std::pair<dev_t, ino_t> file;
  boost::asio::thread_pool lookups{1};  // outlives the door, which hands it work
  std::shared_ptr<Door> door;
};

Server::Server(std::unique_ptr<Parts> parts) : parts_{std::move(parts)} {}

Result<std::unique_ptr<Server>> Server::start(boost::asio::io_context& io,
                                              const std::filesystem::path& socket, Handler handler,
                                              const ServerOptions& options) {
  auto listening = listen_on(socket);
  if (!listening) return listening.error();
  try {
    auto parts = std::make_unique<Parts>();
    parts->socket = socket;
    parts->file = identity_of(socket);
    parts->door = std::make_shared<Door>(io, parts->lookups, std::move(*listening),
                                         std::move(handler), options);
    parts->door->accept();
    return std::unique_ptr<Server>{new Server{std::move(parts)}};
  } catch (const std::exception& e) {
    return Error{fmt::format("the socket '{}' cannot be served: {}", socket.string(), e.what())};
  }
}

Server::~Server() {
  // The file first: who comes now finds nobody, and does not wait for an answer.
  if (identity_of(parts_->socket) == parts_->file) unlink(parts_->socket.c_str());
  parts_->door->close();
}

}  // namespace muster::http
