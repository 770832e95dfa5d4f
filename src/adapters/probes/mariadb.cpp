// "Does this query end well?" asked of MariaDB or MySQL, on a connection of its own.
#include "adapters/probes/askers.hpp"
#include "adapters/probes/exchange.hpp"
#include "adapters/probes/mariadb_connection.hpp"
#include "base/text.hpp"

namespace muster::probes {
namespace {

struct MariadbQuestion {
  MariadbDoor door;
  std::string query;
};

class MariadbExchange : public Exchange {
 public:
  MariadbExchange(boost::asio::io_context& io, std::shared_ptr<const MariadbQuestion> question)
      : question_{std::move(question)},
        connection_{std::make_shared<MariadbConnection>(io, question_->door)} {}

  void begin() override {
    connection_->ask(question_->query,
                     [self = self_as<MariadbExchange>()](const MariadbAnswer& answer) {
                       self->finish(judged(answer));
                     });
  }
  void abort() override { connection_->close(); }

 private:
  static Answer judged(const MariadbAnswer& found) {
    Answer answer;
    answer.evidence = found.row;
    if (!found.error.empty())
      answer.why = bounded(found.error, measure::kWhyBytesMax);
    else if (found.says_no)
      answer.why = "the query says " + found.row;
    else
      answer.outcome = measure::Outcome::ok;
    return answer;
  }

  const std::shared_ptr<const MariadbQuestion> question_;
  const std::shared_ptr<MariadbConnection> connection_;
};

}  // namespace

Result<std::optional<MakeSlot>> prepare_mariadb(const catalogue::ProbeSpec& spec, Names names) {
  MariadbQuestion question;
  auto& door = question.door;
  door.socket = spec.text("socket");
  const auto address = spec.text("address");
  if (address.empty() == door.socket.empty())
    return Error{"a mariadb probe needs an address or a socket, and not both"};
  if (!address.empty()) {
    const auto parsed = catalogue::parse_host_port(address);
    if (!parsed) return parsed.error();
    const auto found = addresses_of(parsed->host, names);
    if (!found) return found.error();
    if (!*found) return std::optional<MakeSlot>{};
    door.host = (*found)->front();
    door.port = parsed->port;
  }
  door.user = spec.text("user");
  door.password = spec.text("password");
  door.database = spec.text("database");
  door.tls = spec.flag("tls");
  door.verify = spec.flag("verify");
  door.ca_file = spec.text("ca_file");
  question.query = spec.text("query");
  const auto shared = std::make_shared<const MariadbQuestion>(std::move(question));
  MakeSlot make = [shared](boost::asio::io_context& io) {
    return std::make_unique<FreshSlot>(
        [&io, shared] { return std::make_shared<MariadbExchange>(io, shared); });
  };
  return std::optional{std::move(make)};
}

}  // namespace muster::probes
