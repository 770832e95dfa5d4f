// Asks the muster that holds the store, over its Unix socket, or over TCP with a token. For
// commands: each call blocks until the answer is there or its time is over. Not for the engine's
// thread of a run.
#pragma once
#include <chrono>
#include <filesystem>
#include <memory>
#include <string>

#include "adapters/http/remote_place.hpp"
#include "api/message.hpp"
#include "base/result.hpp"

namespace muster::http {

struct ClientOptions {
  std::chrono::milliseconds answer{30'000};  ///< from the request's first byte to the answer's last
};

class Client {
 public:
  /// Null: nobody serves there (no file, or nobody behind it), so the store can be opened. Errors:
  /// the socket belongs to somebody else, or is none.
  static Result<std::shared_ptr<Client>> connect(const std::filesystem::path& socket,
                                                 const ClientOptions& options = {});
  /// Errors: nobody serves there, or it is not who its name says.
  static Result<std::shared_ptr<Client>> connect(const RemotePlace& place,
                                                 const ClientOptions& options = {});
  ~Client();

  /// The answer, whatever its status (api::json_of makes a Result of it). An error: there was none;
  /// whether the request was carried out is not known then. Never sends a request twice, but
  /// one that was refused since too many came before it (429): again when it was told to.
  Result<api::Response> request(const std::string& method, const std::string& target,
                                const Json& body = nullptr);

  struct Wire;  ///< how it travels: of client.cpp alone

 private:
  explicit Client(std::unique_ptr<Wire> wire);
  std::unique_ptr<Wire> wire_;
};

}  // namespace muster::http
