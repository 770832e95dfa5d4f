#include "adapters/http/server.hpp"

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <boost/asio/post.hpp>
#include <boost/asio/thread_pool.hpp>
#include <map>
#include <set>

#include "adapters/http/connection.hpp"
#include "adapters/http/door.hpp"
#include "adapters/http/peer.hpp"
#include "adapters/http/socket_file.hpp"

namespace muster::http {
namespace {

using Names = std::map<std::uint32_t, std::string>;

/// Who is behind the clients of a Unix socket: the kernel's word, with names.
class Lobby : public std::enable_shared_from_this<Lobby> {
 public:
  Lobby(boost::asio::io_context& io, boost::asio::thread_pool& lookups, Handler handler,
        const ServerOptions& options)
      : io_{io}, lookups_{lookups}, options_{options} {
    // Whoever can open the socket may ask.
    const auto admit = [](const api::Knock& knock) { return api::Admitted{knock.caller.peer, {}}; };
    house_ = std::make_shared<const House>(House{admit, std::move(handler)});
    // Whom to expect: looked up now, while nothing has been broken yet.
    std::set<std::uint32_t> expected{0, geteuid()};
    if (const auto login = own_login_uid()) expected.insert(*login);
    for (const auto uid : expected) names_[uid] = user_name(uid);
  }

  void open(Fd listening) {
    door_ = std::make_shared<Door>(io_, std::move(listening), options_.connections_max,
                                   [weak = weak_from_this()](Fd fd) {
                                     if (const auto self = weak.lock())
                                       self->identify(std::move(fd));
                                   });
    door_->open();
  }

  void close() { door_->close(); }

 private:
  void identify(Fd fd) {
    const auto peer = peer_of(fd.get());
    if (!peer) return door_->turn_away();  // nobody in particular is not let in
    if (names_.contains(peer->uid) && (!peer->login_uid || names_.contains(*peer->login_uid)))
      return let_in(std::move(fd), *peer);
    boost::asio::post(lookups_, [weak = weak_from_this(), io = io_.get_executor(),
                                 fd = std::move(fd), peer = *peer]() mutable {
      Names found{{peer.uid, user_name(peer.uid)}};
      if (peer.login_uid) found[*peer.login_uid] = user_name(*peer.login_uid);
      boost::asio::post(io, [weak, found = std::move(found), fd = std::move(fd), peer]() mutable {
        const auto self = weak.lock();
        if (!self || self->door_->is_closed()) return;
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
    door_->admit([&](std::function<void()> ended) {
      return make_connection(io_, std::move(fd), {{std::move(who), {}}, nullptr}, house_, options_,
                             std::move(ended));
    });
  }

  boost::asio::io_context& io_;
  boost::asio::thread_pool& lookups_;
  const ServerOptions options_;
  std::shared_ptr<const House> house_;
  std::shared_ptr<Door> door_;
  Names names_;
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
  boost::asio::thread_pool lookups{1};  // outlives the lobby, which hands it work
  std::shared_ptr<Lobby> lobby;
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
    parts->lobby = std::make_shared<Lobby>(io, parts->lookups, std::move(handler), options);
    parts->lobby->open(std::move(*listening));
    return std::unique_ptr<Server>{new Server{std::move(parts)}};
  } catch (const std::exception& e) {
    return Error{fmt::format("the socket '{}' cannot be served: {}", socket.string(), e.what())};
  }
}

Server::~Server() {
  // The file first: who comes now finds nobody, and does not wait for an answer.
  if (identity_of(parts_->socket) == parts_->file) unlink(parts_->socket.c_str());
  parts_->lobby->close();
}

}  // namespace muster::http
