// Serves the API on TCP, with TLS, or in clear on loopback. Who asks is what a request can show
// (a token): the handler's side of it is House::admit.
//
// Thread: the io_context's, one. Slow clients are cut off (ServerOptions), and one address has only
// so many connections, so that nobody keeps the others out.
#pragma once
#include <boost/asio/io_context.hpp>
#include <cstdint>
#include <memory>
#include <string>

#include "adapters/http/server.hpp"
#include "adapters/http/tls.hpp"

namespace muster::http {

struct TcpPlace {
  std::string address;     ///< an IP address
  std::uint16_t port = 0;  ///< 0: the kernel chooses
};

struct TcpOptions {
  ServerOptions server;
  std::size_t connections_per_address = 8;  ///< one more is closed at once
};

class TcpServer {
 public:
  /// `certificates` null: in clear, and the place must be loopback. Errors: the address is not this
  /// machine's, or the port is taken.
  static Result<std::unique_ptr<TcpServer>> start(boost::asio::io_context& io,
                                                  const TcpPlace& place,
                                                  std::unique_ptr<Certificates> certificates,
                                                  House house, const TcpOptions& options = {});
  /// Ends every connection; calls the house no more.
  ~TcpServer();
  /// That it listens on.
  std::uint16_t port() const;

 private:
  struct Parts;
  explicit TcpServer(std::shared_ptr<Parts> parts);
  std::shared_ptr<Parts> parts_;
};

}  // namespace muster::http
