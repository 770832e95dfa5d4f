// IPv4 addresses and networks, as far as a lab needs them.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace muster::lab {

struct Address {
  std::uint32_t bits = 0;  ///< 10.0.0.1 is 0x0a000001.
  bool operator==(const Address&) const = default;
};

struct Network {
  Address first;
  unsigned prefix = 0;
  bool operator==(const Network&) const = default;
};

/// Dotted, four plain decimal numbers.
std::optional<Address> parse_address(std::string_view text);
/// "10.231.77.0/24"; no bits behind the prefix, which is 16 to 29.
std::optional<Network> parse_network(std::string_view text);

/// An address that a host of this network can have: neither its first nor its last.
bool is_host_of(const Network& network, Address address);
/// In one of the ranges for private use (RFC 1918).
bool is_private(const Network& network);

std::string to_string(Address address);
std::string to_string(const Network& network);

}  // namespace muster::lab
