#include "adapters/probes/tcp.hpp"

#include <boost/asio/connect.hpp>
#include <boost/asio/ip/address.hpp>

#include "adapters/probes/exchange.hpp"

namespace muster::probes {
namespace {

using boost::asio::ip::tcp;

class TcpExchange : public Exchange {
 public:
  TcpExchange(boost::asio::io_context& io, const Endpoints& endpoints)
      : socket_{io}, endpoints_{endpoints} {}

  /// Addresses are tried one after the other, as a client would.
  void begin() override {
    boost::asio::async_connect(
        socket_, endpoints_,
        [self = self_as<TcpExchange>()](const boost::system::error_code& ec, const auto& endpoint) {
          self->connected(ec, endpoint);
        });
  }
  void abort() override {
    boost::system::error_code ignored;
    socket_.close(ignored);
  }

 private:
  void connected(const boost::system::error_code& ec, const tcp::endpoint& endpoint) {
    if (ec) return finish(refused("connect", ec));
    finish({measure::Outcome::ok, "", "accepted by " + endpoint.address().to_string()});
  }
  tcp::socket socket_;
  const Endpoints endpoints_;
};

}  // namespace

Result<std::optional<Endpoints>> endpoints_of(const std::string& host, std::uint16_t port,
                                              Names names) {
  const auto addresses = addresses_of(host, names);
  if (!addresses) return addresses.error();
  if (!*addresses) return std::optional<Endpoints>{};
  Endpoints endpoints;
  for (const auto& text : **addresses) {
    boost::system::error_code ec;
    const auto address = boost::asio::ip::make_address(text, ec);
    if (!ec) endpoints.emplace_back(address, port);
  }
  return std::optional{std::move(endpoints)};
}

Answer refused(std::string_view what, const boost::system::error_code& ec) {
  // This machine is at its end, not the one that was to be asked.
  namespace errc = boost::system::errc;
  const bool ours = ec == errc::too_many_files_open || ec == errc::too_many_files_open_in_system ||
                    ec == errc::not_enough_memory || ec == errc::no_buffer_space;
  // Asio says so of a socket that it could not even open; what is given up here asks nobody.
  if (ec == boost::asio::error::operation_aborted)
    return {measure::Outcome::failed, std::string{what} + ": no socket can be opened here", "",
            false};
  return {measure::Outcome::failed, std::string{what} + ": " + ec.message(), "", !ours};
}

Result<std::optional<MakeSlot>> prepare_tcp(const catalogue::ProbeSpec& probe, Names names) {
  const auto address = catalogue::parse_host_port(probe.text("address"));
  if (!address) return address.error();
  auto endpoints = endpoints_of(address->host, address->port, names);
  if (!endpoints) return endpoints.error();
  if (!*endpoints) return std::optional<MakeSlot>{};
  MakeSlot make = [endpoints = **endpoints](boost::asio::io_context& io) {
    return std::make_unique<FreshSlot>(
        [&io, endpoints] { return std::make_shared<TcpExchange>(io, endpoints); });
  };
  return std::optional{std::move(make)};
}

}  // namespace muster::probes
