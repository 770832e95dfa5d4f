#include "adapters/http/connection.hpp"

#include <boost/beast/core/basic_stream.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>
#include <optional>
#include <utility>

#include "base/json.hpp"

namespace muster::http {
namespace {

namespace beast = boost::beast;
namespace wire = boost::beast::http;
using boost::system::error_code;
using Local = boost::asio::local::stream_protocol;

bool is_nonsense(const error_code& ec) {
  // What the parser says, but for the two ways of a client that has gone.
  return (ec.category() == make_error_code(wire::error::bad_method).category() &&
          ec != wire::error::end_of_stream && ec != wire::error::partial_message);
}

api::Response refusal(const error_code& ec) {
  if (ec == wire::error::body_limit)
    return api::error_response(413, Error{"the body is above the limit"});
  if (ec == wire::error::header_limit || ec == wire::error::buffer_overflow)
    return api::error_response(431, Error{"the header is above the limit"});
  return api::error_response(400, Error{"this is not HTTP: " + ec.message()});
}

class HttpConnection final : public Connection,
                             public std::enable_shared_from_this<HttpConnection> {
 public:
  HttpConnection(Local::socket socket, api::Principal who, std::shared_ptr<const Handler> handler,
                 const ServerOptions& options, std::function<void()> ended)
      : stream_{std::move(socket)},
        who_{std::move(who)},
        handler_{std::move(handler)},
        options_{options},
        ended_{std::move(ended)},
        buffer_{options.header_bytes_max} {}

  void begin() override { read(); }

  void stop() override {
    ended_ = nullptr;
    end();
  }

 private:
  void read() {
    parser_.emplace();
    parser_->header_limit(static_cast<std::uint32_t>(options_.header_bytes_max));
    parser_->body_limit(options_.body_bytes_max);
    stream_.expires_after(options_.idle);
    wire::async_read(
        stream_, buffer_, *parser_,
        [self = shared_from_this()](const error_code& ec, std::size_t) { self->received(ec); });
  }

  void received(const error_code& ec) {
    if (over_) return;
    keep_alive_ = false;
    version_ = 11;
    if (ec && is_nonsense(ec)) return send(refusal(ec));
    if (ec) return end();
    const auto& message = parser_->get();
    version_ = message.version();
    // An answer to HEAD has no body: what comes after this one would be misread.
    keep_alive_ = message.keep_alive() && message.method() != wire::verb::head;
    api::Request request;
    request.method = std::string{message.method_string()};
    request.target = std::string{message.target()};
    if (!message.body().empty()) {
      auto body = parse_json(message.body(), options_.body_bytes_max);
      if (!body) return send(api::error_response(400, body.error()));
      request.body = std::move(*body);
    }
    stream_.expires_never();
    // Weak: an answer that somebody keeps must not keep a socket beyond its loop's end.
    (*handler_)(std::move(request), who_, [weak = weak_from_this()](api::Response response) {
      if (const auto self = weak.lock()) self->send(std::move(response));
    });
  }

  void send(api::Response response) {
    if (over_) return;
    answer_.emplace(static_cast<wire::status>(response.status), version_);
    answer_->set(wire::field::content_type, response.content_type);
    answer_->set(wire::field::cache_control, "no-store");
    if (!response.allow.empty()) answer_->set(wire::field::allow, response.allow);
    answer_->keep_alive(keep_alive_);
    answer_->body() = std::move(response.body);
    answer_->prepare_payload();
    stream_.expires_after(options_.write);
    wire::async_write(
        stream_, *answer_,
        [self = shared_from_this()](const error_code& ec, std::size_t) { self->sent(ec); });
  }

  void sent(const error_code& ec) {
    if (over_) return;
    answer_.reset();
    if (ec || !keep_alive_) return end();
    read();
  }

  void end() {
    if (std::exchange(over_, true)) return;
    stream_.close();
    if (const auto ended = std::exchange(ended_, nullptr)) ended();
  }

  beast::basic_stream<Local> stream_;
  const api::Principal who_;
  const std::shared_ptr<const Handler> handler_;
  const ServerOptions options_;
  std::function<void()> ended_;
  beast::flat_buffer buffer_;
  std::optional<wire::request_parser<wire::string_body>> parser_;
  std::optional<wire::response<wire::string_body>> answer_;
  unsigned version_ = 11;
  bool keep_alive_ = false;
  bool over_ = false;
};

}  // namespace

std::shared_ptr<Connection> make_connection(Local::socket socket, api::Principal who,
                                            std::shared_ptr<const Handler> handler,
                                            const ServerOptions& options,
                                            std::function<void()> ended) {
  return std::make_shared<HttpConnection>(std::move(socket), std::move(who), std::move(handler),
                                          options, std::move(ended));
}

}  // namespace muster::http
