#include "adapters/probes/http.hpp"

#include <boost/asio/connect.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>

#include "adapters/probes/exchange.hpp"
#include "adapters/probes/http_url.hpp"
#include "adapters/probes/tcp.hpp"
#include "base/text.hpp"

namespace muster::probes {
namespace {

namespace http = boost::beast::http;
using boost::asio::ip::tcp;
using boost::system::error_code;

struct HttpQuestion {
  HttpUrl url;
  Endpoints endpoints;
  int status;
  std::string contains;
};

class HttpExchange : public Exchange {
 public:
  HttpExchange(boost::asio::io_context& io, std::shared_ptr<const HttpQuestion> question)
      : socket_{io}, question_{std::move(question)}, buffer_{kHeaderBytesMax} {
    request_.method(http::verb::get);
    request_.version(11);
    request_.target(question_->url.target);
    request_.set(http::field::host, question_->url.authority);
    request_.set(http::field::user_agent, "muster");
    request_.set(http::field::connection, "close");
    parser_.header_limit(kHeaderBytesMax);
    parser_.body_limit(kBodyBytesMax);
  }

  void begin() override {
    boost::asio::async_connect(
        socket_, question_->endpoints,
        [self = self_as<HttpExchange>()](const error_code& ec, const tcp::endpoint&) {
          self->connected(ec);
        });
  }
  void abort() override {
    error_code ignored;
    socket_.close(ignored);
  }

 private:
  static constexpr std::size_t kHeaderBytesMax = 16u << 10;

  void connected(const error_code& ec) {
    if (ec) return finish(refused("connect", ec));
    http::async_write(socket_, request_,
                      [self = self_as<HttpExchange>()](const error_code& write_ec, std::size_t) {
                        self->written(write_ec);
                      });
  }
  void written(const error_code& ec) {
    if (ec) return finish(refused("request", ec));
    http::async_read(socket_, buffer_, parser_,
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

  tcp::socket socket_;
  const std::shared_ptr<const HttpQuestion> question_;
  http::request<http::empty_body> request_;
  boost::beast::flat_buffer buffer_;
  http::response_parser<http::string_body> parser_;
};

}  // namespace

Result<std::optional<MakeSlot>> prepare_http(const catalogue::ProbeSpec& probe, Names names) {
  auto url = parse_http_url(probe.text("url"));
  if (!url) return url.error();
  auto endpoints = endpoints_of(url->host, url->port, names);
  if (!endpoints) return endpoints.error();
  if (!*endpoints) return std::optional<MakeSlot>{};
  const auto question = std::make_shared<const HttpQuestion>(
      HttpQuestion{std::move(*url), std::move(**endpoints),
                   static_cast<int>(probe.number("status")), probe.text("contains")});
  MakeSlot make = [question](boost::asio::io_context& io) {
    return std::make_unique<FreshSlot>(
        [&io, question] { return std::make_shared<HttpExchange>(io, question); });
  };
  return std::optional{std::move(make)};
}

}  // namespace muster::probes
