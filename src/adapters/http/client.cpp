#include "adapters/http/client.hpp"

#include <fmt/format.h>
#include <sys/socket.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/beast/core/basic_stream.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>
#include <optional>
#include <utility>

#include "adapters/http/socket_file.hpp"
#include "ports/store.hpp"

namespace muster::http {
namespace {

namespace beast = boost::beast;
namespace wire = boost::beast::http;
using boost::system::error_code;
using Local = boost::asio::local::stream_protocol;

/// The largest answer is a blob.
constexpr std::uint64_t kBodyBytesMax = ports::StoreLimits::kBlobBytesMax + (1u << 20);

wire::request<wire::string_body> message_of(const std::string& method, const std::string& target,
                                            const Json& body) {
  wire::request<wire::string_body> message;
  message.method_string(method);
  message.target(target);
  message.version(11);
  message.set(wire::field::host, "muster");
  if (!body.is_null()) {
    message.set(wire::field::content_type, "application/json");
    message.body() = body.dump(-1, ' ', false, Json::error_handler_t::replace);
  }
  message.prepare_payload();
  return message;
}

}  // namespace

struct Client::Wire {
  std::filesystem::path socket;
  ClientOptions options;
  boost::asio::io_context io{1};
  std::optional<beast::basic_stream<Local>> stream;
  beast::flat_buffer buffer;

  /// False: nobody serves.
  Result<bool> connect() {
    stream.reset();
    buffer.clear();
    auto fd = connect_to(socket);
    if (!fd) return fd.error();
    if (!fd->has_value()) return false;
    stream.emplace(Local::socket{io, Local{}, (*fd)->release()});
    return true;
  }

  /// A connection that was not used for a while was ended by the other side; seen before anything
  /// is sent, so that nothing is ever sent twice.
  bool is_open() {
    char byte = 0;
    return stream &&
           recv(stream->socket().native_handle(), &byte, 1, MSG_PEEK | MSG_DONTWAIT) < 0 &&
           (errno == EAGAIN || errno == EWOULDBLOCK);
  }

  Result<api::Response> exchange(const wire::request<wire::string_body>& message) {
    wire::response_parser<wire::string_body> parser;
    parser.body_limit(kBodyBytesMax);
    error_code result;
    stream->expires_after(options.answer);
    wire::async_write(*stream, message, [&](const error_code& write_ec, std::size_t) {
      result = write_ec;
      if (write_ec) return;
      wire::async_read(*stream, buffer, parser,
                       [&](const error_code& read_ec, std::size_t) { result = read_ec; });
    });
    io.restart();
    io.run();
    if (result) {
      stream.reset();
      const bool late = result == beast::error::timeout;
      return Error{fmt::format("the muster that holds the store gave no answer: {}",
                               late ? "the time is over" : result.message()),
                   "muster show tells what it does"};
    }
    auto answer = parser.release();
    if (!answer.keep_alive()) stream.reset();
    api::Response response;
    response.status = static_cast<int>(answer.result_int());
    response.content_type = std::string{answer[wire::field::content_type]};
    response.allow = std::string{answer[wire::field::allow]};
    response.body = std::move(answer.body());
    return response;
  }
};

Client::Client(std::unique_ptr<Wire> wire) : wire_{std::move(wire)} {}
Client::~Client() = default;

Result<std::shared_ptr<Client>> Client::connect(const std::filesystem::path& socket,
                                                const ClientOptions& options) {
  auto wire = std::make_unique<Wire>();
  wire->socket = socket;
  wire->options = options;
  const auto served = wire->connect();
  if (!served) return served.error();
  if (!*served) return std::shared_ptr<Client>{};
  return std::shared_ptr<Client>{new Client{std::move(wire)}};
}

Result<api::Response> Client::request(const std::string& method, const std::string& target,
                                      const Json& body) {
  if (!wire_->is_open()) {
    const auto served = wire_->connect();
    if (!served) return served.error();
    if (!*served)
      return Error{"the muster that held the store has ended", "ask again: the store is free now"};
  }
  return wire_->exchange(message_of(method, target, body));
}

}  // namespace muster::http
