#include "model/server.hpp"

#include <fmt/format.h>

#include <charconv>

#include "config/map.hpp"
#include "config/yaml.hpp"

namespace muster::model {
namespace {

struct Listen {
  std::string address;
  std::uint16_t port = 0;
  bool is_loopback = false;
};

/// "127.0.0.1:7420", "[::1]:7420": whether the address is one is found when it is listened on.
std::optional<Listen> listen_of(std::string_view text) {
  const auto colon = text.rfind(':');
  if (colon == std::string_view::npos) return std::nullopt;
  auto host = text.substr(0, colon);
  const auto digits = text.substr(colon + 1);
  Listen listen;
  const auto [end, ec] = std::from_chars(digits.data(), digits.data() + digits.size(), listen.port);
  if (digits.empty() || digits.size() > 5 || ec != std::errc{} ||
      end != digits.data() + digits.size())
    return std::nullopt;
  const bool is_v6 = host.starts_with('[') && host.ends_with(']');
  if (is_v6) host = host.substr(1, host.size() - 2);
  const auto* const digits_of = is_v6 ? "0123456789abcdefABCDEF.:" : "0123456789.";
  if (host.empty() || host.find_first_not_of(digits_of) != std::string_view::npos)
    return std::nullopt;
  listen.address = std::string{host};
  listen.is_loopback = host == "::1" || host.starts_with("127.");
  return listen;
}

std::string absolute(config::Map& map, std::string_view key, Diagnostics& out) {
  auto path = map.located<std::string>(key);
  if (!path) return {};
  if (!path->value.starts_with('/'))
    out.error(path->place, fmt::format("'{}' is not an absolute path", path->value),
              "keys do not belong into a workspace, which is a repository");
  return path->value;
}

ServerTls read_tls(const config::Node& node, Diagnostics& out) {
  config::Map map{node, server_tls_shape(), out};
  ServerTls tls;
  tls.certificate = absolute(map, "certificate", out);
  tls.key = absolute(map, "key", out);
  tls.client_ca = absolute(map, "client_ca", out);
  map.finish();
  return tls;
}

constexpr const char* kName = "inventory/server.yaml";

bool is_server_file(const std::string& name, const config::Node& document) {
  return name == kName && document.find("server") != nullptr;
}

std::optional<Server> read_document(const config::Node& document, Diagnostics& out) {
  config::Map map{document, server_file_shape(), out};
  const auto* node = map.need("server");
  auto server = node ? read_server(*node, out) : std::nullopt;
  map.finish();
  return server;
}

}  // namespace

const config::Shape& server_file_shape() {
  using namespace config;
  static const Shape shape = [] {
    Shape one;
    one.name = "server_file";
    one.what = "a file of the server";
    one.help = "How the API is served beyond the Unix socket (docs/server.md).";
    one.keys = {{"server", map(server_shape), kRequired, "where, and to whom"}};
    return one;
  }();
  return shape;
}

const config::Shape& server_shape() {
  using namespace config;
  static const Shape shape = [] {
    Shape one;
    one.name = "server";
    one.what = "the server";
    one.help = "Where the API is served over TCP. Who asks shows a token (`muster token`).";
    one.keys = {
        {"listen",
         text("ADDRESS:PORT, [ADDRESS]:PORT", "^(\\[[0-9a-fA-F:.]+\\]|[0-9.]+):[0-9]{1,5}$"),
         kRequired, "an IP address of this machine, and a port"},
        {"tls", map(server_tls_shape), kOptional, "needed on every address but loopback"},
        {"insecure_loopback", boolean(), preset("false"),
         "true: in clear, which only a loopback address may be; for a proxy on this machine that "
         "speaks TLS"},
        {"connections", integer(1, 4096), preset("64"), "at a time; more wait"},
        {"connections_per_address", integer(1, 4096), preset("8"),
         "at a time; one more is closed at once"},
        {"requests_per_second", integer(1, 100'000), preset("20"),
         "of one token; twice as many at once, more are told when to come again"}};
    return one;
  }();
  return shape;
}

const config::Shape& server_tls_shape() {
  using namespace config;
  static const Shape shape = [] {
    Shape one;
    one.name = "server_tls";
    one.what = "TLS of the server";
    one.help = "PEM files. They are read again when they change.";
    one.keys = {{"certificate", text("/an/absolute/path", "^/"), kRequired,
                 "the server's, then those between it and its root"},
                {"key", text("/an/absolute/path", "^/"), kRequired,
                 "without a passphrase; only its owner may read it (0600)"},
                {"client_ca", text("/an/absolute/path", "^/"), kOptional,
                 "clients must show a certificate of one of these authorities, and a token too"}};
    return one;
  }();
  return shape;
}

std::optional<Server> read_server(const config::Node& node, Diagnostics& out) {
  config::Map map{node, server_shape(), out};
  Server server;
  server.place = map.place();
  const auto where = map.required_located<std::string>("listen");
  if (const auto* tls = map.get("tls")) server.tls = read_tls(*tls, out);
  const bool in_clear = map.or_default<bool>("insecure_loopback");
  server.connections = map.or_default<std::int64_t>("connections");
  server.connections_per_address = map.or_default<std::int64_t>("connections_per_address");
  server.requests_per_second = map.or_default<std::int64_t>("requests_per_second");
  map.finish();
  if (where.value.empty()) return std::nullopt;
  const auto listen = listen_of(*where);
  if (!listen) {
    out.error(where.place, fmt::format("'{}' is not where one can listen", *where),
              "an IP address and a port: 127.0.0.1:7420, [::1]:7420");
    return std::nullopt;
  }
  server.address = listen->address;
  server.port = listen->port;
  if (server.tls && in_clear)
    out.error(map.key_place("insecure_loopback"), "with `tls` nothing is in clear",
              "leave one of them out");
  if (!server.tls && !in_clear)
    out.error(map.place(), "`tls` is missing: tokens would cross the network in clear",
              "give it a certificate and a key; or, on loopback behind a proxy that speaks TLS, "
              "insecure_loopback: true");
  if (in_clear && !listen->is_loopback)
    out.error(map.key_place("insecure_loopback"),
              fmt::format("{} is not loopback: in clear it is never served", server.address));
  return server;
}

bool check_server_file(const std::string& name, const config::Node& document, Diagnostics& out) {
  if (!is_server_file(name, document)) return false;
  read_document(document, out);
  return true;
}

std::optional<Server> load_server(const std::filesystem::path& root, Diagnostics& out) {
  const auto path = root / kName;
  std::error_code ec;
  if (!std::filesystem::exists(path, ec)) return std::nullopt;
  const auto source = config::read_source(path, kName, config::Dialect::strict, out);
  const auto document =
      source ? config::parse_yaml(source, config::Dialect::strict, out) : std::nullopt;
  return document ? read_document(*document, out) : std::nullopt;
}

}  // namespace muster::model
