// "For how long is the certificate good, and is it the right one?" A connection and a handshake,
// nothing more.
#include <fmt/format.h>

#include <boost/asio/connect.hpp>

#include "adapters/probes/askers.hpp"
#include "adapters/probes/exchange.hpp"
#include "adapters/probes/tcp.hpp"
#include "adapters/probes/tls_client.hpp"
#include "base/text.hpp"

namespace muster::probes {
namespace {

using boost::system::error_code;

struct TlsQuestion {
  Endpoints endpoints;
  TlsWish wish;
  std::int64_t days_left = 0;
};

class TlsExchange : public Exchange {
 public:
  TlsExchange(boost::asio::io_context& io, std::shared_ptr<const TlsQuestion> question)
      : question_{std::move(question)}, stream_{io, *question_->wish.context} {}

  void begin() override {
    boost::asio::async_connect(stream_.next_layer(), question_->endpoints,
                               [self = self_as<TlsExchange>()](const error_code& ec, const auto&) {
                                 self->connected(ec);
                               });
  }
  void abort() override {
    error_code ignored;
    stream_.next_layer().close(ignored);
  }

 private:
  void connected(const error_code& ec) {
    if (ec) return finish(refused("connect", ec));
    if (!prepare_handshake(stream_, question_->wish))
      return finish({measure::Outcome::failed, "not a server name", "", false});
    stream_.async_handshake(TlsStream::client, [self = self_as<TlsExchange>()](
                                                   const error_code& done) { self->shaken(done); });
  }

  void shaken(const error_code& ec) {
    if (ec) return finish({measure::Outcome::failed, "TLS: " + handshake_words(ec), ""});
    const auto shown = presented(stream_);
    if (!shown) return finish({measure::Outcome::failed, "the server presents no certificate", ""});
    Answer answer;
    answer.evidence = bounded(
        fmt::format("subject {}\nissuer {}\nnot after {}, {} days left\n{}", shown->subject,
                    shown->issuer, shown->not_after, shown->days_left, session_words(stream_)),
        kEvidenceBytesMax);
    answer.why = distrust(stream_, question_->wish);
    if (answer.why.empty() && shown->days_left < question_->days_left)
      answer.why =
          fmt::format("{} days left, {} are wanted", shown->days_left, question_->days_left);
    if (answer.why.empty()) answer.outcome = measure::Outcome::ok;
    finish(std::move(answer));
  }

  const std::shared_ptr<const TlsQuestion> question_;
  TlsStream stream_;
};

}  // namespace

Result<std::optional<MakeSlot>> prepare_tls(const catalogue::ProbeSpec& spec, Names names) {
  const auto address = catalogue::parse_host_port(spec.text("address"));
  if (!address) return address.error();
  auto wish = tls_wish(spec, address->host, names);
  if (!wish) return wish.error();
  if (!*wish) return std::optional<MakeSlot>{};
  auto endpoints = endpoints_of(address->host, address->port, names);
  if (!endpoints) return endpoints.error();
  if (!*endpoints) return std::optional<MakeSlot>{};
  const auto question = std::make_shared<const TlsQuestion>(
      TlsQuestion{std::move(**endpoints), std::move(**wish), spec.number("days_left")});
  MakeSlot make = [question](boost::asio::io_context& io) {
    return std::make_unique<FreshSlot>(
        [&io, question] { return std::make_shared<TlsExchange>(io, question); });
  };
  return std::optional{std::move(make)};
}

}  // namespace muster::probes
