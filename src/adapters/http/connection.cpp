#include "adapters/http/connection.hpp"

#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/basic_stream.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/ssl/ssl_stream.hpp>
#include <iterator>
#include <optional>
#include <utility>

#include "base/json.hpp"

namespace muster::http {
namespace {

namespace beast = boost::beast;
namespace wire = boost::beast::http;
namespace ssl = boost::asio::ssl;
using boost::system::error_code;
using Generic = boost::asio::generic::stream_protocol;
/// A Unix socket or a TCP one: what is the same in both, so that Beast is compiled once for them.
using Clear = beast::basic_stream<Generic>;
using Sealed = beast::ssl_stream<Clear>;

/// Who takes less than this of an answer is not waited for.
constexpr std::size_t kBytesPerSecondMin = 64u << 10;
/// After the last answer: so long for the client to take it, before what it still says is cut off.
constexpr std::chrono::milliseconds kFarewell{1'000};

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

template <class Fields>
void set_fields(Fields& to, const api::Response& response) {
  to.set(wire::field::content_type, response.content_type);
  to.set(wire::field::cache_control, "no-store");
  to.set("X-Content-Type-Options", "nosniff");
  if (!response.allow.empty()) to.set(wire::field::allow, response.allow);
  if (response.retry_after_s > 0)
    to.set(wire::field::retry_after, std::to_string(response.retry_after_s));
  if (response.status == 401) to.set(wire::field::www_authenticate, "Bearer");
}

template <class Stream>
class HttpConnection final : public Connection,
                             public std::enable_shared_from_this<HttpConnection<Stream>> {
  static constexpr bool kSealed = std::is_same_v<Stream, Sealed>;

 public:
  HttpConnection(Clear clear, Guest guest, std::shared_ptr<const House> house,
                 const ServerOptions& options, std::function<void()> ended)
      : guest_{std::move(guest)},
        stream_{make_stream(std::move(clear), guest_)},
        beat_{stream_.get_executor()},
        house_{std::move(house)},
        options_{options},
        ended_{std::move(ended)},
        buffer_{options.header_bytes_max} {}

  void begin() override {
    if constexpr (kSealed) {
      lowest().expires_after(options_.handshake);
      stream_.async_handshake(ssl::stream_base::server, [self = me()](const error_code& ec) {
        if (self->over_) return;
        ec ? self->end() : self->read_header();
      });
    } else {
      read_header();
    }
  }

  void stop() override {
    ended_ = nullptr;
    end();
  }

 private:
  static Stream make_stream(Clear clear, const Guest& guest) {
    if constexpr (kSealed)
      return Stream{std::move(clear), *guest.tls};
    else
      return clear;
  }
  auto me() { return this->shared_from_this(); }
  Clear& lowest() { return beast::get_lowest_layer(stream_); }

  void read_header() {
    parser_.emplace();
    parser_->header_limit(static_cast<std::uint32_t>(options_.header_bytes_max));
    parser_->body_limit(options_.body_bytes_max);
    refused_.reset();
    keep_alive_ = false;
    version_ = 11;
    lowest().expires_after(options_.idle);
    wire::async_read_header(
        stream_, buffer_, *parser_,
        [self = me()](const error_code& ec, std::size_t) { self->header_read(ec); });
  }

  void header_read(const error_code& ec) {
    if (over_) return;
    if (ec && is_nonsense(ec)) return send(refusal(ec));
    if (ec) return end();
    const auto& header = parser_->get();
    version_ = header.version();
    // An answer to HEAD has no body: what comes after this one would be misread.
    keep_alive_ = header.keep_alive() && header.method() != wire::verb::head;
    admit(header);
    // What a body brings is read, within its limits, also of who is refused: an answer to somebody
    // who is still talking would be lost.
    lowest().expires_after(options_.body);
    wire::async_read(
        stream_, buffer_, *parser_,
        [self = me()](const error_code& read_ec, std::size_t) { self->received(read_ec); });
  }

  void admit(const wire::request_header<>& header) {
    const auto [from, to] = header.equal_range(wire::field::authorization);
    api::Knock knock{guest_.caller, std::string{header.target()}, {}, false};
    knock.is_several = from != to && std::next(from) != to;
    if (from != to) knock.authorization = std::string{from->value()};
    auto admitted = house_->admit(knock);
    if (admitted.who)
      who_ = std::move(*admitted.who);
    else
      refused_ = std::move(admitted.refusal);
  }

  void received(const error_code& ec) {
    if (over_) return;
    if (ec) keep_alive_ = false;
    if (ec && is_nonsense(ec)) return send(refusal(ec));
    if (ec) return end();
    if (refused_) return send(std::move(*refused_));
    const auto& message = parser_->get();
    api::Request request;
    request.method = std::string{message.method_string()};
    request.target = std::string{message.target()};
    request.last_event_id = std::string{message["Last-Event-ID"]};
    if (!message.body().empty()) {
      auto body = parse_json(message.body(), options_.body_bytes_max);
      if (!body) return send(api::error_response(400, body.error()));
      request.body = std::move(*body);
    }
    lowest().expires_never();
    // Weak: an answer that somebody keeps must not keep a socket beyond its loop's end.
    house_->handle(std::move(request), who_, [weak = this->weak_from_this()](api::Response answer) {
      if (const auto self = weak.lock()) self->send(std::move(answer));
    });
  }

  void send(api::Response response) {
    if (over_) return;
    if (response.feed) return stream(std::move(response));
    answer_.emplace(static_cast<wire::status>(response.status), version_);
    set_fields(*answer_, response);
    answer_->keep_alive(keep_alive_);
    answer_->body() = std::move(response.body);
    answer_->prepare_payload();
    lowest().expires_after(options_.write +
                           std::chrono::seconds{answer_->body().size() / kBytesPerSecondMin});
    wire::async_write(stream_, *answer_,
                      [self = me()](const error_code& ec, std::size_t) { self->sent(ec); });
  }

  void sent(const error_code& ec) {
    if (over_) return;
    answer_.reset();
    if (ec) return end();
    keep_alive_ ? read_header() : part();
  }

  // An answer that goes on: until its feed ends, or the client goes or does not take it.

  void stream(api::Response response) {
    feed_ = std::move(response.feed);
    keep_alive_ = false;
    answer_.emplace(static_cast<wire::status>(response.status), version_);
    set_fields(*answer_, response);
    answer_->keep_alive(false);
    lowest().expires_never();
    // Nothing is expected any more: what comes is the news that the client has gone.
    stream_.async_read_some(boost::asio::buffer(&unasked_, 1),
                            [self = me()](const error_code&, std::size_t) {
                              if (!self->over_) self->end();
                            });
    lowest().expires_after(options_.write);
    headline_.emplace(*answer_);
    wire::async_write_header(stream_, *headline_, [self = me()](const error_code& ec, std::size_t) {
      self->passed_on(ec);
    });
  }

  void passed_on(const error_code& ec) {
    if (over_) return;
    if (ec) return end();
    piece_.clear();
    if (!is_asked_) {
      is_asked_ = true;
      const auto feed = feed_;  // which may be over before it returns
      feed->next([weak = this->weak_from_this()](std::string piece) {
        if (const auto self = weak.lock()) self->fed(std::move(piece));
      });
    }
    if (!is_asked_ || over_) return;  // it was there at once
    beat_.expires_after(options_.heartbeat);
    beat_.async_wait([weak = this->weak_from_this()](const error_code& beat_ec) {
      if (const auto self = weak.lock(); self && !beat_ec && !self->over_ && self->piece_.empty())
        self->pass_on(self->feed_->heartbeat());
    });
  }

  void fed(std::string piece) {
    if (over_) return;
    is_asked_ = false;
    beat_.cancel();
    if (piece.empty()) return end();
    if (piece_.empty()) return pass_on(std::move(piece));
    waiting_ = std::move(piece);  // a heartbeat is on its way
  }

  void pass_on(std::string piece) {
    piece_ = std::move(piece);
    lowest().expires_after(options_.write);
    boost::asio::async_write(stream_, boost::asio::buffer(piece_),
                             [self = me()](const error_code& ec, std::size_t) {
                               if (self->over_) return;
                               if (!ec && !self->waiting_.empty())
                                 return self->pass_on(std::exchange(self->waiting_, {}));
                               self->passed_on(ec);
                             });
  }

  /// Says goodbye, and hears the client out for a moment: a socket that is closed on what it has
  /// not read takes the last answer with it.
  void part() {
    lowest().expires_after(kFarewell);
    if constexpr (kSealed) {
      stream_.async_shutdown([self = me()](const error_code&) { self->end(); });
    } else {
      error_code ignored;
      lowest().socket().shutdown(boost::asio::socket_base::shutdown_send, ignored);
      hear_out();
    }
  }

  void hear_out() {
    buffer_.clear();
    stream_.async_read_some(buffer_.prepare(buffer_.max_size()),
                            [self = me()](const error_code& ec, std::size_t) {
                              if (self->over_) return;
                              ec ? self->end() : self->hear_out();
                            });
  }

  void end() {
    if (std::exchange(over_, true)) return;
    beat_.cancel();
    feed_.reset();
    lowest().close();
    if (const auto ended = std::exchange(ended_, nullptr)) ended();
  }

  const Guest guest_;
  Stream stream_;
  boost::asio::steady_timer beat_;
  const std::shared_ptr<const House> house_;
  const ServerOptions options_;
  std::function<void()> ended_;
  beast::flat_buffer buffer_;
  std::optional<wire::request_parser<wire::string_body>> parser_;
  api::Principal who_;
  std::optional<api::Response> refused_;
  std::optional<wire::response<wire::string_body>> answer_;
  std::optional<wire::response_serializer<wire::string_body>> headline_;
  std::shared_ptr<api::Feed> feed_;
  std::string piece_;    ///< on its way; empty: none is
  std::string waiting_;  ///< the next one
  char unasked_ = 0;
  unsigned version_ = 11;
  bool is_asked_ = false;  ///< the feed owes a piece
  bool keep_alive_ = false;
  bool over_ = false;
};

}  // namespace

std::shared_ptr<Connection> make_connection(boost::asio::io_context& io, Fd socket, Guest guest,
                                            std::shared_ptr<const House> house,
                                            const ServerOptions& options,
                                            std::function<void()> ended) {
  sockaddr_storage own{};
  socklen_t size = sizeof own;
  Generic::socket opened{io};
  error_code ec;
  if (getsockname(socket.get(), reinterpret_cast<sockaddr*>(&own), &size) != 0) return nullptr;
  opened.assign(Generic{own.ss_family, 0}, socket.get(), ec);
  if (ec) return nullptr;
  socket.release();
  Clear clear{std::move(opened)};
  if (guest.tls)
    return std::make_shared<HttpConnection<Sealed>>(std::move(clear), std::move(guest),
                                                    std::move(house), options, std::move(ended));
  return std::make_shared<HttpConnection<Clear>>(std::move(clear), std::move(guest),
                                                 std::move(house), options, std::move(ended));
}

}  // namespace muster::http
