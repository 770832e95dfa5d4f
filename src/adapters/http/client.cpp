#include "adapters/http/client.hpp"

#include <fmt/format.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <sys/socket.h>

#include <algorithm>
#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/error.hpp>
#include <boost/beast/core/basic_stream.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/ssl/ssl_stream.hpp>
#include <charconv>
#include <fstream>
#include <optional>
#include <thread>
#include <utility>

#include "adapters/http/peer.hpp"
#include "adapters/http/socket_file.hpp"
#include "adapters/http/tls.hpp"
#include "base/text.hpp"
#include "ports/store.hpp"

namespace muster::http {
namespace {

namespace beast = boost::beast;
namespace wire = boost::beast::http;
using boost::system::error_code;
using Generic = boost::asio::generic::stream_protocol;
using Tcp = boost::asio::ip::tcp;
using Clear = beast::basic_stream<Generic>;
using Sealed = beast::ssl_stream<Clear>;

/// The largest answer is a blob.
constexpr std::uint64_t kBodyBytesMax = ports::StoreLimits::kBlobBytesMax + (1u << 20);

/// How often a request that came too early is said again, and how long it waits at most.
constexpr int kAgainMax = 20;
constexpr std::uint32_t kWaitMaxS = 10;

constexpr std::size_t kCommandBytesMax = 224;

using Message = wire::request<wire::string_body>;

Message message_of(const std::string& method, const std::string& target, const Json& body) {
  Message message;
  message.method_string(method);
  message.target(target);
  message.version(11);
  if (!body.is_null()) {
    message.set(wire::field::content_type, "application/json");
    message.body() = body.dump(-1, ' ', false, Json::error_handler_t::replace);
  }
  message.prepare_payload();
  return message;
}

api::Response response_of(wire::response<wire::string_body>&& answer) {
  api::Response response;
  response.status = static_cast<int>(answer.result_int());
  response.content_type = std::string{answer[wire::field::content_type]};
  response.allow = std::string{answer[wire::field::allow]};
  const auto wait = answer[wire::field::retry_after];
  std::from_chars(wait.data(), wait.data() + wait.size(), response.retry_after_s);
  response.body = std::move(answer.body());
  return response;
}

/// OpenSSL's reason, without its codes.
std::string words_of(const error_code& ec) {
  if (ec == beast::error::timeout) return "the time is over";
  if (ec.category() != boost::asio::error::get_ssl_category()) return ec.message();
  const char* const reason = ::ERR_reason_error_string(static_cast<unsigned long>(ec.value()));
  return reason ? reason : ec.message();
}

/// As it was started; "?" when that is not to be had.
std::string command_of(int pid) {
  std::ifstream in{fmt::format("/proc/{}/cmdline", pid), std::ios::binary};
  std::string text(kCommandBytesMax, '\0');
  in.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(std::max<std::streamsize>(in.gcount(), 0)));
  while (!text.empty() && text.back() == '\0') text.pop_back();
  std::replace(text.begin(), text.end(), '\0', ' ');
  return text.empty() ? "?" : printable(text);
}

}  // namespace

/// One connection, made again when the other side has ended it.
struct Client::Wire {
  virtual ~Wire() = default;
  /// False: nobody serves.
  virtual Result<bool> connect() = 0;
  virtual std::string nobody() const = 0;
  /// Who holds the connection's other end, and what to do when no answer comes.
  virtual Error silent() = 0;
  virtual void sign(Message&) const {}

  Clear* lowest() { return sealed ? &beast::get_lowest_layer(*sealed) : clear ? &*clear : nullptr; }

  void drop() {
    sealed.reset();
    clear.reset();
    buffer.clear();
  }

  /// A connection that was not used for a while was ended by the other side; seen before anything
  /// is sent, so that nothing is ever sent twice.
  bool is_open() {
    char byte = 0;
    auto* const stream = lowest();
    return stream &&
           recv(stream->socket().native_handle(), &byte, 1, MSG_PEEK | MSG_DONTWAIT) < 0 &&
           (errno == EAGAIN || errno == EWOULDBLOCK);
  }

  void run() {
    io.restart();
    io.run();
  }

  template <class Stream>
  Result<api::Response> exchange(Stream& stream, const Message& message) {
    wire::response_parser<wire::string_body> parser;
    parser.body_limit(kBodyBytesMax);
    error_code result;
    lowest()->expires_after(options.answer);
    wire::async_write(stream, message, [&](const error_code& write_ec, std::size_t) {
      result = write_ec;
      if (write_ec) return;
      wire::async_read(stream, buffer, parser,
                       [&](const error_code& read_ec, std::size_t) { result = read_ec; });
    });
    run();
    if (result) {
      // One that has ended is not to be named: its pid may be another's.
      auto error = result == beast::error::timeout
                       ? silent()
                       : Error{"the muster that holds the store", "muster show tells what it does"};
      drop();
      error.what += " gave no answer: " + words_of(result);
      return error;
    }
    auto answer = parser.release();
    if (!answer.keep_alive()) drop();
    return response_of(std::move(answer));
  }

  ClientOptions options;
  boost::asio::io_context io{1};
  std::optional<Clear> clear;
  std::optional<Sealed> sealed;
  beast::flat_buffer buffer;
};

namespace {

struct LocalWire final : Client::Wire {
  explicit LocalWire(std::filesystem::path path) : socket{std::move(path)} {}

  Result<bool> connect() override {
    drop();
    auto fd = connect_to(socket);
    if (!fd) return fd.error();
    if (!fd->has_value()) return false;
    const auto peer = peer_of((*fd)->get());  // a time that is over closes it
    pid = peer ? peer->pid : 0;
    clear.emplace(Generic::socket{io, Generic{AF_UNIX, 0}, (*fd)->release()});
    return true;
  }

  void sign(Message& message) const override { message.set(wire::field::host, "muster"); }
  std::string nobody() const override { return "the muster that held the store has ended"; }

  Error silent() override {
    return Error{pid <= 0
                     ? "the muster that holds the store"
                     : fmt::format("pid {} ({}), which holds the store,", pid, command_of(pid)),
                 "does it hang? `muster abort` tells more"};
  }

  const std::filesystem::path socket;
  int pid = 0;  // of who listens; 0: not known
};

struct RemoteWire final : Client::Wire {
  RemoteWire(RemotePlace where, std::shared_ptr<boost::asio::ssl::context> trusted)
      : place{std::move(where)}, context{std::move(trusted)} {}

  Error failed(const std::string& why) const {
    return Error{fmt::format("{} port {} is not reached: {}", place.host, place.port, why),
                 "does a muster serve there, and is --ca the authority of its certificate?"};
  }

  Result<bool> connect() override {
    drop();
    error_code ec;
    Tcp::resolver resolver{io};
    const auto found = resolver.resolve(place.host, std::to_string(place.port), ec);
    if (ec) return failed(ec.message());
    for (const auto& one : found) {
      ec = open(one.endpoint());
      if (!ec) break;
    }
    auto why = ec ? words_of(ec) : place.tls ? shake_hands() : "";
    if (why.empty()) return true;
    drop();
    return failed(why);
  }

  error_code open(const Tcp::endpoint& where) {
    Fd fd{::socket(where.protocol().family(), SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)};
    if (!fd.good()) return {errno, boost::system::system_category()};
    clear.emplace(Generic::socket{io, Generic{where.protocol().family(), 0}, fd.release()});
    error_code result;
    clear->expires_after(options.answer);
    clear->async_connect(Generic::endpoint{where}, [&](const error_code& ec) { result = ec; });
    run();
    return result;
  }

  /// "" when it is who its name says; else why not.
  std::string shake_hands() {
    namespace ssl = boost::asio::ssl;
    sealed.emplace(std::move(*clear), *context);
    clear.reset();
    SSL* const session = sealed->native_handle();
    error_code result;
    const char* const name = place.host.c_str();
    boost::asio::ip::make_address(place.host, result);
    const bool is_address = !result;
    // What the certificate must say; an address is not asked for by name.
    ::X509_VERIFY_PARAM_set_hostflags(::SSL_get0_param(session),
                                      X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
    const bool is_set =
        is_address
            ? ::X509_VERIFY_PARAM_set1_ip_asc(::SSL_get0_param(session), name) == 1
            : ::SSL_set1_host(session, name) == 1 && SSL_set_tlsext_host_name(session, name) == 1;
    if (!is_set) return "OpenSSL does not take its name";
    lowest()->expires_after(options.answer);
    sealed->async_handshake(ssl::stream_base::client, [&](const error_code& ec) { result = ec; });
    run();
    if (!result) return {};
    const auto found = ::SSL_get_verify_result(session);
    if (found == X509_V_OK) return words_of(result);
    return fmt::format("its certificate is not trusted: {}",
                       ::X509_verify_cert_error_string(found));
  }

  void sign(Message& message) const override {
    message.set(wire::field::host, fmt::format("{}:{}", place.host, place.port));
    message.set(wire::field::authorization, "Bearer " + place.token);
  }
  std::string nobody() const override { return failed("nobody serves").what; }
  Error silent() override {
    return Error{fmt::format("the muster at {} port {}", place.host, place.port),
                 "does it hang? `muster abort` on that machine tells more"};
  }

  const RemotePlace place;
  const std::shared_ptr<boost::asio::ssl::context> context;
};

}  // namespace

Client::Client(std::unique_ptr<Wire> wire) : wire_{std::move(wire)} {}
Client::~Client() = default;

Result<std::shared_ptr<Client>> Client::connect(const std::filesystem::path& socket,
                                                const ClientOptions& options) {
  auto wire = std::make_unique<LocalWire>(socket);
  wire->options = options;
  const auto served = wire->connect();
  if (!served) return served.error();
  if (!*served) return std::shared_ptr<Client>{};
  return std::shared_ptr<Client>{new Client{std::move(wire)}};
}

Result<std::shared_ptr<Client>> Client::connect(const RemotePlace& place,
                                                const ClientOptions& options) {
  std::shared_ptr<boost::asio::ssl::context> context;
  if (place.tls) {
    auto trusted = client_context(place.ca_file);
    if (!trusted) return trusted.error();
    context = std::move(*trusted);
  }
  auto wire = std::make_unique<RemoteWire>(place, std::move(context));
  wire->options = options;
  if (const auto served = wire->connect(); !served) return served.error();
  return std::shared_ptr<Client>{new Client{std::move(wire)}};
}

Result<api::Response> Client::request(const std::string& method, const std::string& target,
                                      const Json& body) {
  auto message = message_of(method, target, body);
  wire_->sign(message);
  for (int again = 0;; ++again) {
    if (!wire_->is_open()) {
      const auto served = wire_->connect();
      if (!served) return served.error();
      if (!*served) return Error{wire_->nobody(), "ask again: the store is free now"};
    }
    auto response = wire_->sealed ? wire_->exchange(*wire_->sealed, message)
                                  : wire_->exchange(*wire_->clear, message);
    const bool is_early = response && response->status == 429 && response->retry_after_s > 0 &&
                          response->retry_after_s <= kWaitMaxS;
    if (!is_early || again == kAgainMax) return response;
    std::this_thread::sleep_for(std::chrono::seconds{response->retry_after_s});
  }
}

}  // namespace muster::http
