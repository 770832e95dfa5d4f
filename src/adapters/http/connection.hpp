// One client's connection: requests one after the other, until it goes, is too slow, or talks
// nonsense.
#pragma once
#include <boost/asio/local/stream_protocol.hpp>
#include <functional>
#include <memory>

#include "adapters/http/server.hpp"

namespace muster::http {

class Connection {
 public:
  virtual ~Connection() = default;
  virtual void begin() = 0;
  /// Closes; nothing is called any more. Answers that come later are dropped.
  virtual void stop() = 0;
};

/// `ended` is called once, unless stop() was; the connection may be let go then.
std::shared_ptr<Connection> make_connection(boost::asio::local::stream_protocol::socket socket,
                                            api::Principal who,
                                            std::shared_ptr<const Handler> handler,
                                            const ServerOptions& options,
                                            std::function<void()> ended);

}  // namespace muster::http
