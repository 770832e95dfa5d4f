// Serves HTTP/1.1 on a Unix domain socket, and says of each request who asks: uid and pid from the
// kernel (SO_PEERCRED), the login uid from /proc. What is asked is the handler's business.
//
// Thread: the io_context's, one; names of users are looked up on a worker, since a directory
// service may be what the drill has taken away. Access is the file's: 0600, so the owner and root.
// What it is not: a server for a network (no TLS, no tokens).
#pragma once
#include <boost/asio/io_context.hpp>
#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>

#include "api/message.hpp"
#include "api/principal.hpp"
#include "base/result.hpp"

namespace muster::http {

/// The file within the workspace's state folder.
inline constexpr const char* kSocketFile = "muster.sock";

struct ServerOptions {
  std::size_t connections_max = 16;  ///< more wait until one ends
  std::size_t header_bytes_max = 8u << 10;
  std::size_t body_bytes_max = 64u << 10;
  std::chrono::milliseconds idle{30'000};   ///< until the next request has been read whole
  std::chrono::milliseconds write{30'000};  ///< until an answer has been taken
};

/// Must call `done` once, within the call or later on the same thread; later than the Server's end
/// does no harm.
using Handler =
    std::function<void(api::Request, api::Principal, std::function<void(api::Response)> done)>;

class Server {
 public:
  /// A socket file that nobody listens on any more is replaced. Errors: somebody does listen, what
  /// is there is no socket, or the folder cannot be written.
  static Result<std::unique_ptr<Server>> start(boost::asio::io_context& io,
                                               const std::filesystem::path& socket, Handler handler,
                                               const ServerOptions& options = {});
  /// Ends every connection, calls the handler no more, and removes the file.
  ~Server();

 private:
  struct Parts;
  explicit Server(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

}  // namespace muster::http
