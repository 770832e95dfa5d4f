// How the API is served beyond this machine's Unix socket: inventory/server.yaml (docs/server.md).
#pragma once
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

#include "config/shape.hpp"
#include "model/text.hpp"

namespace muster::model {

struct ServerTls {
  std::string certificate;  ///< absolute paths of PEM files
  std::string key;
  std::string client_ca;  ///< empty: clients need no certificate
};

struct Server {
  Place place;
  std::string address;  ///< an IP address
  std::uint16_t port = 0;
  std::optional<ServerTls> tls;  ///< nothing: in clear, on loopback, as it was asked for
  std::int64_t connections = 0;
  std::int64_t connections_per_address = 0;
  std::int64_t requests_per_second = 0;  ///< of one token
};

const config::Shape& server_file_shape();
const config::Shape& server_shape();
const config::Shape& server_tls_shape();

/// One `server:` map; nothing after an error that leaves nowhere to listen.
std::optional<Server> read_server(const config::Node& node, Diagnostics& out);

/// Whether a document is that file, and no inventory with a group of that name; its errors are
/// added. `name` is as messages show it: "inventory/server.yaml".
bool check_server_file(const std::string& name, const config::Node& document, Diagnostics& out);

/// Reads inventory/server.yaml of a workspace; nothing: there is none. Trust it only when `out` is
/// empty. Blocking.
std::optional<Server> load_server(const std::filesystem::path& root, Diagnostics& out);

}  // namespace muster::model
