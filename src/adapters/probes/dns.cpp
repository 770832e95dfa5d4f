// "Does this name have the answer that it should?" One question to one name server, over UDP, and
// again over TCP when the answer did not fit. Nothing is cached and nothing is sent twice: a lost
// packet is what a client would lose, too.
#include <fmt/format.h>

#include <boost/asio/ip/udp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>

#include "adapters/probes/askers.hpp"
#include "adapters/probes/dns_message.hpp"
#include "adapters/probes/exchange.hpp"
#include "adapters/probes/tcp.hpp"
#include "base/text.hpp"

namespace muster::probes {
namespace {

using boost::asio::ip::tcp;
using boost::asio::ip::udp;
using boost::system::error_code;

constexpr int kStrangersMax = 100;  // packets that answer another question

struct DnsQuestion {
  tcp::endpoint server;
  std::string name, type;
  std::vector<std::string> expect;
  bool wants_nxdomain = false;
};

/// Names are the same in any case and with or without their last dot; what TXT says is not a name.
std::string comparable(std::string text, const std::string& type) {
  if (type == "TXT") return text;
  for (char& c : text) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  if (text.size() > 1 && text.ends_with('.')) text.pop_back();
  return text;
}

Answer judged(const DnsQuestion& question, const DnsReply& reply) {
  Answer answer;
  const auto shown = joined(reply.answers, "\n");
  answer.evidence = bounded(printable(fmt::format("{}\n{}", dns_code_name(reply.code), shown)),
                            kEvidenceBytesMax);
  if (question.wants_nxdomain) {
    if (reply.code != 3) answer.why = fmt::format("{}, not NXDOMAIN", dns_code_name(reply.code));
  } else if (reply.code != 0) {
    answer.why = dns_code_name(reply.code);
  } else if (reply.answers.empty()) {
    answer.why = fmt::format("no {} record", question.type);
  }
  for (const auto& wanted : question.expect) {
    const auto same = [&](const std::string& found) {
      return comparable(found, question.type) == comparable(wanted, question.type);
    };
    if (answer.why.empty() && std::none_of(reply.answers.begin(), reply.answers.end(), same))
      answer.why = fmt::format("{} is not among the answers", bounded(printable(wanted), 60));
  }
  if (answer.why.empty()) answer.outcome = measure::Outcome::ok;
  return answer;
}

class DnsExchange : public Exchange {
 public:
  DnsExchange(boost::asio::io_context& io, std::shared_ptr<const DnsQuestion> question)
      : udp_{io}, tcp_{io}, question_{std::move(question)} {}

  /// A connected socket with a port of the kernel's choice: only the server's packets come in.
  void begin() override {
    auto query = dns_query(question_->name, question_->type);
    if (!query) return finish({measure::Outcome::failed, query.error().what, "", false});
    query_ = std::move(*query);
    error_code ec;
    const udp::endpoint server{question_->server.address(), question_->server.port()};
    udp_.open(server.protocol(), ec);
    if (!ec) udp_.connect(server, ec);
    if (ec) return finish(refused("send", ec));
    udp_.async_send(boost::asio::buffer(query_.packet),
                    [self = self_as<DnsExchange>()](const error_code& sent, std::size_t) {
                      if (sent) return self->finish(refused("send", sent));
                      self->receive();
                    });
  }
  void abort() override {
    error_code ignored;
    udp_.close(ignored);
    tcp_.close(ignored);
  }

 private:
  void receive() {
    received_.resize(4096);
    udp_.async_receive(boost::asio::buffer(received_),
                       [self = self_as<DnsExchange>()](const error_code& ec, std::size_t size) {
                         if (ec) return self->finish(refused("answer", ec));
                         self->received_.resize(size);
                         self->take(false);
                       });
  }

  void take(bool by_tcp) {
    const auto reply = dns_reply(query_, received_);
    if (!reply) {
      if (by_tcp)
        return finish({measure::Outcome::failed, "the answer is to another question", ""});
      if (++strangers_ < kStrangersMax) return receive();
      return finish({measure::Outcome::failed, "a flood of answers to other questions", ""});
    }
    if (!*reply) return finish({measure::Outcome::failed, reply->error().what, ""});
    if ((*reply)->truncated && !by_tcp) return ask_by_tcp();
    if ((*reply)->truncated)
      return finish({measure::Outcome::failed, "truncated, even by TCP", ""});
    finish(judged(*question_, **reply));
  }

  void ask_by_tcp() {
    tcp_.async_connect(question_->server, [self = self_as<DnsExchange>()](const error_code& ec) {
      if (ec) return self->finish(refused("connect by TCP", ec));
      self->send_by_tcp();
    });
  }
  void send_by_tcp() {
    const auto size = query_.packet.size();
    framed_ = {static_cast<std::uint8_t>(size >> 8), static_cast<std::uint8_t>(size & 255)};
    framed_.insert(framed_.end(), query_.packet.begin(), query_.packet.end());
    boost::asio::async_write(tcp_, boost::asio::buffer(framed_),
                             [self = self_as<DnsExchange>()](const error_code& ec, std::size_t) {
                               if (ec) return self->finish(refused("send by TCP", ec));
                               self->read_size();
                             });
  }
  void read_size() {
    received_.resize(2);
    boost::asio::async_read(tcp_, boost::asio::buffer(received_),
                            [self = self_as<DnsExchange>()](const error_code& ec, std::size_t) {
                              if (ec) return self->finish(refused("answer by TCP", ec));
                              self->read_message();
                            });
  }
  void read_message() {
    received_.resize(static_cast<std::size_t>(received_[0] << 8 | received_[1]));
    boost::asio::async_read(tcp_, boost::asio::buffer(received_),
                            [self = self_as<DnsExchange>()](const error_code& ec, std::size_t) {
                              if (ec) return self->finish(refused("answer by TCP", ec));
                              self->take(true);
                            });
  }

  udp::socket udp_;
  tcp::socket tcp_;
  const std::shared_ptr<const DnsQuestion> question_;
  DnsQuery query_;
  std::vector<std::uint8_t> received_;
  std::vector<std::uint8_t> framed_;
  int strangers_ = 0;
};

}  // namespace

Result<std::optional<MakeSlot>> prepare_dns(const catalogue::ProbeSpec& spec, Names names) {
  auto server = spec.text("server");
  if (server.empty()) {
    if (names == Names::numeric_only) return std::optional<MakeSlot>{};
    server = system_name_server();
  }
  const auto address = catalogue::parse_host_port(server);
  if (!address) return address.error();
  DnsQuestion question{{}, spec.text("name"), spec.text("type"), spec.list("expect"), false};
  if (const auto query = dns_query(question.name, question.type); !query) return query.error();
  if (question.expect == std::vector<std::string>{"nxdomain"}) {
    question.expect.clear();
    question.wants_nxdomain = true;
  }
  const auto endpoints = endpoints_of(address->host, address->port, names);
  if (!endpoints) return endpoints.error();
  if (!*endpoints) return std::optional<MakeSlot>{};
  question.server = (*endpoints)->front();
  const auto shared = std::make_shared<const DnsQuestion>(std::move(question));
  MakeSlot make = [shared](boost::asio::io_context& io) {
    return std::make_unique<FreshSlot>(
        [&io, shared] { return std::make_shared<DnsExchange>(io, shared); });
  };
  return std::optional{std::move(make)};
}

}  // namespace muster::probes
