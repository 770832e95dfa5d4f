// "Is a connection accepted?"
#pragma once
#include <boost/asio/ip/tcp.hpp>
#include <string>
#include <vector>

#include "adapters/probes/resolve.hpp"
#include "adapters/probes/slot.hpp"
#include "catalogue/probe.hpp"

namespace muster::probes {

using Endpoints = std::vector<boost::asio::ip::tcp::endpoint>;

/// The host's addresses with the port. Nothing: the name has to be resolved first.
Result<std::optional<Endpoints>> endpoints_of(const std::string& host, std::uint16_t port,
                                              Names names);

/// "connect: Connection refused"
Answer refused(std::string_view what, const boost::system::error_code& ec);

Result<std::optional<MakeSlot>> prepare_tcp(const catalogue::ProbeSpec& probe, Names names);

}  // namespace muster::probes
