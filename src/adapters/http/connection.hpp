// One client's connection: requests one after the other, until it goes, is too slow, or talks
// nonsense. The same over a Unix socket, TCP, and TLS over TCP.
#pragma once
#include <boost/asio/io_context.hpp>
#include <boost/asio/ssl/context.hpp>
#include <functional>
#include <memory>

#include "adapters/http/server.hpp"
#include "adapters/http/socket_file.hpp"

namespace muster::http {

class Connection {
 public:
  virtual ~Connection() = default;
  virtual void begin() = 0;
  /// Closes; nothing is called any more. Answers that come later are dropped.
  virtual void stop() = 0;
};

/// Who is at the other end.
struct Guest {
  api::Caller caller;
  std::shared_ptr<boost::asio::ssl::context> tls;  ///< null: in clear
};

/// `ended` is called once, unless stop() was; the connection may be let go then. Null: the socket
/// is of no use.
std::shared_ptr<Connection> make_connection(boost::asio::io_context& io, Fd socket, Guest guest,
                                            std::shared_ptr<const House> house,
                                            const ServerOptions& options,
                                            std::function<void()> ended);

}  // namespace muster::http
