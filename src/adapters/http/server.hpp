// Serves HTTP/1.1: on a Unix domain socket, where the kernel says who asks (SO_PEERCRED, and the
// login uid from /proc), and on TCP, where each request must say it (docs/server.md). What is asked
// is the handler's business.
//
// Thread: the io_context's, one; names of users are looked up on a worker, since a directory
// service may be what the drill has taken away. Access to the Unix socket is its file's: 0600, so
// the owner and root.
#pragma once
#include <boost/asio/io_context.hpp>
#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>

#include "api/admission.hpp"
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
  std::chrono::milliseconds idle{30'000};  ///< until the next request's header has been read whole
  std::chrono::milliseconds body{30'000};  ///< from then until its body has been
  std::chrono::milliseconds handshake{10'000};  ///< of TLS
  /// Until an answer has been taken; a large one gets a second more for each 64 KiB.
  std::chrono::milliseconds write{30'000};
  std::chrono::milliseconds heartbeat{15'000};  ///< of a stream on which nothing happens
};

/// Must call `done` once, within the call or later on the same thread; later than the Server's end
/// does no harm.
using Handler =
    std::function<void(api::Request, api::Principal, std::function<void(api::Response)> done)>;

/// Who asks, or why it is not listened to: called with the header alone, before the body is read.
using Admit = std::function<api::Admitted(const api::Knock&)>;

struct House {
  Admit admit;
  Handler handle;
};

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
