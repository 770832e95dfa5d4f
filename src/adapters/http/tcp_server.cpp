#include "adapters/http/tcp_server.hpp"

#include <fmt/format.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <boost/asio/ip/tcp.hpp>
#include <cerrno>
#include <cstring>
#include <map>

#include "adapters/http/door.hpp"

namespace muster::http {
namespace {

using Tcp = boost::asio::ip::tcp;
using boost::system::error_code;

constexpr int kBacklog = 128;

Error failed(const TcpPlace& place, std::string_view why) {
  return Error{
      fmt::format("{} port {} cannot be served: {}", place.address, place.port, why),
      "`listen` in inventory/server.yaml names an address of this machine and a free port"};
}

Result<Fd> listen_at(const TcpPlace& place, const Tcp::endpoint& where) {
  Fd fd{::socket(where.protocol().family(), SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)};
  const int on = 1;
  if (!fd.good() || setsockopt(fd.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) != 0 ||
      bind(fd.get(), where.data(), static_cast<socklen_t>(where.size())) != 0 ||
      listen(fd.get(), kBacklog) != 0)
    return failed(place, std::strerror(errno));
  return fd;
}

Tcp::endpoint end_of(int fd, int (*which)(int, sockaddr*, socklen_t*)) {
  Tcp::endpoint end;
  auto size = static_cast<socklen_t>(end.capacity());
  if (which(fd, end.data(), &size) == 0) end.resize(size);
  return end;
}

}  // namespace

struct TcpServer::Parts : std::enable_shared_from_this<Parts> {
  Parts(boost::asio::io_context& context, std::unique_ptr<Certificates> certificates_given,
        House house_given, const TcpOptions& options_given)
      : io{context},
        certificates{std::move(certificates_given)},
        house{std::make_shared<const House>(std::move(house_given))},
        options{options_given} {}

  void greet(Fd fd) {
    const auto address = end_of(fd.get(), getpeername).address().to_string();
    if (inside[address] >= options.connections_per_address) return door->turn_away();
    ++inside[address];
    // Answers are written whole: they need not wait for each other.
    const int on = 1;
    setsockopt(fd.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    const auto left = [weak = weak_from_this(), address] {
      const auto self = weak.lock();
      if (self && --self->inside[address] == 0) self->inside.erase(address);
    };
    door->admit([&](std::function<void()> ended) {
      Guest guest{{std::nullopt, address}, certificates ? certificates->current() : nullptr};
      auto connection = make_connection(io, std::move(fd), std::move(guest), house, options.server,
                                        [left, ended = std::move(ended)] {
                                          left();
                                          ended();
                                        });
      if (!connection) left();
      return connection;
    });
  }

  boost::asio::io_context& io;
  const std::unique_ptr<Certificates> certificates;
  const std::shared_ptr<const House> house;
  const TcpOptions options;
  std::map<std::string, std::size_t> inside;  ///< connections of each address
  std::shared_ptr<Door> door;
  std::uint16_t port = 0;
};

TcpServer::TcpServer(std::shared_ptr<Parts> parts) : parts_{std::move(parts)} {}

Result<std::unique_ptr<TcpServer>> TcpServer::start(boost::asio::io_context& io,
                                                    const TcpPlace& place,
                                                    std::unique_ptr<Certificates> certificates,
                                                    House house, const TcpOptions& options) {
  error_code ec;
  const auto address = boost::asio::ip::make_address(place.address, ec);
  if (ec) return failed(place, "it is no IP address");
  if (!certificates && !address.is_loopback())
    return Error{fmt::format("{} is not loopback: it is served with TLS only", place.address),
                 "tokens would cross the network in clear: give `tls` a certificate and a key"};
  auto listening = listen_at(place, {address, place.port});
  if (!listening) return listening.error();
  try {
    auto parts = std::make_shared<Parts>(io, std::move(certificates), std::move(house), options);
    parts->port = end_of(listening->get(), getsockname).port();
    parts->door = std::make_shared<Door>(io, std::move(*listening), options.server.connections_max,
                                         [weak = std::weak_ptr{parts}](Fd fd) {
                                           if (const auto self = weak.lock())
                                             self->greet(std::move(fd));
                                         });
    parts->door->open();
    return std::unique_ptr<TcpServer>{new TcpServer{std::move(parts)}};
  } catch (const std::exception& e) {
    return failed(place, e.what());
  }
}

TcpServer::~TcpServer() {
  parts_->door->close();
}

std::uint16_t TcpServer::port() const {
  return parts_->port;
}

}  // namespace muster::http
