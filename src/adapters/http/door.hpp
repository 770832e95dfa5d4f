// Lets clients in at a socket that listens, as many as there is room for; more wait in the kernel's
// queue until one ends. It knows neither addresses nor protocols: who came is greeted elsewhere.
//
// Thread: the io_context's, one.
#pragma once
#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <functional>
#include <memory>
#include <set>

#include "adapters/http/connection.hpp"
#include "adapters/http/socket_file.hpp"

namespace muster::http {

class Door : public std::enable_shared_from_this<Door> {
 public:
  /// Owes one call of admit() or turn_away(), now or later.
  using Greet = std::function<void(Fd)>;

  Door(boost::asio::io_context& io, Fd listening, std::size_t connections_max, Greet greet);

  void open();
  /// `make` gives the connection what to call when it has ended; nothing: it could not be made.
  void admit(const std::function<std::shared_ptr<Connection>(std::function<void()> ended)>& make);
  void turn_away();
  /// Ends every connection; nobody is greeted any more.
  void close();
  bool is_closed() const { return over_; }

 private:
  void accept();
  void take();
  void leave(const std::shared_ptr<Connection>& connection);

  boost::asio::posix::stream_descriptor listening_;
  boost::asio::steady_timer retry_;
  const std::size_t connections_max_;
  const Greet greet_;
  std::set<std::shared_ptr<Connection>> connections_;
  std::size_t inside_ = 0;  ///< connections, and those who are being greeted
  bool waiting_ = false;
  bool over_ = false;
};

}  // namespace muster::http
