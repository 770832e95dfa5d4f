// Where a muster serves its API over TCP, as somebody on a command line says it.
#pragma once
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace muster::http {

struct RemotePlace {
  std::string host;  ///< a name or an IP address
  std::uint16_t port = 0;
  bool tls = true;
  std::string token;                ///< shown with each request; a secret
  std::filesystem::path ca_file{};  ///< empty: the system's authorities
};

/// "https://HOST:PORT"; "http://…" for a loopback address only, since a token is shown there.
/// Nothing follows the port; without one it is 7420.
Result<RemotePlace> parse_remote_place(std::string_view url);

}  // namespace muster::http
