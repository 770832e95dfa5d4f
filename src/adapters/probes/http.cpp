#include "adapters/probes/http.hpp"

#include <boost/asio/connect.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>

#include "adapters/probes/exchange.hpp"
#include "adapters/probes/http_url.hpp"
#include "adapters/probes/tcp.hpp"
#include "adapters/probes/tls_client.hpp"
#include "base/text.hpp"

namespace muster::probes {
namespace {

namespace http = boost::beast::http;
using boost::asio::ip::tcp;
using boost::system::error_code;

struct HttpQuestion {
  HttpUrl url;
  Endpoints endpoints;
  std::optional<TlsWish> tls;
  http::request<http::empty_body> request;
  int status = 0;
  std::string contains;
};

/// `Stream` is a TCP socket or a TlsStream.
template <class Stream>
class HttpExchange : public Exchange {
 public:
  HttpExchange(Stream stream, std::shared_ptr<const HttpQuestion> question)
      : stream_{std::move(stream)}, question_{std::move(question)}, buffer_{kHeaderBytesMax} {
    parser_.header_limit(kHeaderBytesMax);
    parser_.body_limit(kBodyBytesMax);
    parser_.skip(question_->request.method() == http::verb::head);
  }

  void begin() override {
    boost::asio::async_connect(
        socket(), question_->endpoints,
        [self = self_as<HttpExchange>()](const error_code& ec, const tcp::endpoint&) {
          self->connected(ec);
        });
  }
  void abort() override {
    error_code ignored;
    socket().close(ignored);
  }

 private:
  static constexpr std::size_t kHeaderBytesMax = 16u << 10;
  static constexpr bool kTls = std::is_same_v<Stream, TlsStream>;

  tcp::socket& socket() {
    if constexpr (kTls)
      return stream_.next_layer();
    else
      return stream_;
  }

  void connected(const error_code& ec) {
    if (ec) return finish(refused("connect", ec));
    if constexpr (kTls) {
      if (!prepare_handshake(stream_, *question_->tls))
        return finish({measure::Outcome::failed, "not a server name", "", false});
      stream_.async_handshake(Stream::client, [self = self_as<HttpExchange>()](
                                                  const error_code& done) { self->shaken(done); });
    } else {
      write();
    }
  }
  void shaken(const error_code& ec) {
    if constexpr (kTls) {
      if (ec) return finish({measure::Outcome::failed, "TLS: " + handshake_words(ec), ""});
      // Nothing is said to a server whose certificate is not trusted.
      if (auto why = distrust(stream_, *question_->tls); !why.empty())
        return finish({measure::Outcome::failed, std::move(why), ""});
      write();
    }
  }
  void write() {
    http::async_write(
        stream_, question_->request,
        [self = self_as<HttpExchange>()](const error_code& ec, std::size_t) { self->written(ec); });
  }
  void written(const error_code& ec) {
    if (ec) return finish(refused("request", ec));
    http::async_read(stream_, buffer_, parser_,
                     [self = self_as<HttpExchange>()](const error_code& read_ec, std::size_t) {
                       self->answered(read_ec);
                     });
  }
  void answered(const error_code& ec) {
    const bool too_long = ec == http::error::body_limit && parser_.is_header_done();
    if (ec && !too_long) return finish(refused("answer", ec));
    finish(judged(too_long));
  }

  Answer judged(bool too_long) const {
    const auto& response = parser_.get();
    const int status = static_cast<int>(response.result_int());
    Answer answer;
    answer.evidence =
        bounded(printable(std::to_string(status) + " " + std::string{response.reason()} + "\n" +
                          response.body().substr(0, kEvidenceBytesMax)),
                kEvidenceBytesMax);
    const bool right = question_->status == 0 ? status / 100 == 2 : status == question_->status;
    const auto& text = question_->contains;
    if (!right)
      answer.why = "status " + std::to_string(status);
    else if (!text.empty() && too_long)
      answer.why = "body above 1 MiB, not searched";
    else if (!text.empty() && response.body().find(text) == std::string::npos)
      answer.why = "the body lacks '" + bounded(printable(text), 40) + "'";
    else
      answer.outcome = measure::Outcome::ok;
    return answer;
  }

  Stream stream_;
  const std::shared_ptr<const HttpQuestion> question_;
  boost::beast::flat_buffer buffer_;
  http::response_parser<http::string_body> parser_;
};

/// "Name: value"; what would make another request of it, or break its frame, is refused.
Result<> add_header(http::request<http::empty_body>& request, const std::string& line) {
  const auto colon = line.find(':');
  const std::string name{trimmed(line.substr(0, colon))};
  constexpr std::string_view kToken =
      "!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyz"
      "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
  if (colon == std::string::npos || name.empty() ||
      name.find_first_not_of(kToken) != std::string::npos)
    return Error{"a header of the http probe is none", "write 'Name: value'"};
  const auto field = http::string_to_field(name);
  if (field == http::field::connection || field == http::field::content_length ||
      field == http::field::transfer_encoding)
    return Error{"the http probe sets the header '" + name + "' itself", "leave it out"};
  const std::string value{trimmed(std::string_view{line}.substr(colon + 1))};
  for (const char c : value)
    if (static_cast<unsigned char>(c) < ' ' && c != '\t')
      return Error{"the value of the header '" + name + "' holds a control character"};
  request.set(name, value);
  return {};
}

Result<http::request<http::empty_body>> request_of(const catalogue::ProbeSpec& probe,
                                                   const HttpUrl& url) {
  const bool head = probe.text("method") == "HEAD";
  http::request<http::empty_body> request{head ? http::verb::head : http::verb::get, url.target,
                                          11};
  request.set(http::field::host, url.authority);
  request.set(http::field::user_agent, "muster");
  request.set(http::field::connection, "close");
  for (const auto& line : probe.list("headers"))
    if (const auto added = add_header(request, line); !added) return added.error();
  return request;
}

std::shared_ptr<Exchange> exchange(boost::asio::io_context& io,
                                   const std::shared_ptr<const HttpQuestion>& question) {
  if (question->tls)
    return std::make_shared<HttpExchange<TlsStream>>(TlsStream{io, *question->tls->context},
                                                     question);
  return std::make_shared<HttpExchange<tcp::socket>>(tcp::socket{io}, question);
}

}  // namespace

Result<std::optional<MakeSlot>> prepare_http(const catalogue::ProbeSpec& probe, Names names) {
  auto url = parse_http_url(probe.text("url"));
  if (!url) return url.error();
  HttpQuestion question;
  auto request = request_of(probe, *url);
  if (!request) return request.error();
  question.request = std::move(*request);
  if (url->tls) {
    auto wish = tls_wish(probe, url->host, names);
    if (!wish) return wish.error();
    if (!*wish) return std::optional<MakeSlot>{};
    question.tls = std::move(**wish);
  }
  auto endpoints = endpoints_of(url->host, url->port, names);
  if (!endpoints) return endpoints.error();
  if (!*endpoints) return std::optional<MakeSlot>{};
  question.endpoints = std::move(**endpoints);
  question.url = std::move(*url);
  question.status = static_cast<int>(probe.number("status"));
  question.contains = probe.text("contains");
  const auto shared = std::make_shared<const HttpQuestion>(std::move(question));
  MakeSlot make = [shared](boost::asio::io_context& io) {
    return std::make_unique<FreshSlot>([&io, shared] { return exchange(io, shared); });
  };
  return std::optional{std::move(make)};
}

}  // namespace muster::probes
