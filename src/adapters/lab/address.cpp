#include "adapters/lab/address.hpp"

#include <fmt/format.h>

#include <charconv>

#include "base/text.hpp"

namespace muster::lab {
namespace {

std::optional<unsigned> number(std::string_view text, unsigned most) {
  unsigned value = 0;
  auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), value);
  const bool leading_zero =
      text.size() > 1 && text.front() == '0';  // octal to some, decimal to others
  if (failed != std::errc{} || end != text.data() + text.size() || value > most || leading_zero)
    return {};
  return value;
}

std::uint32_t mask(unsigned prefix) {
  return prefix == 0 ? 0 : ~std::uint32_t{0} << (32 - prefix);
}

}  // namespace

std::optional<Address> parse_address(std::string_view text) {
  const auto parts = split(text, '.');
  if (parts.size() != 4) return {};
  Address address;
  for (const auto& part : parts) {
    const auto value = number(part, 255);
    if (!value) return {};
    address.bits = address.bits << 8 | *value;
  }
  return address;
}

std::optional<Network> parse_network(std::string_view text) {
  const auto slash = text.find('/');
  if (slash == std::string_view::npos) return {};
  const auto first = parse_address(text.substr(0, slash));
  const auto prefix = number(text.substr(slash + 1), 29);
  if (!first || !prefix || *prefix < 16 || (first->bits & ~mask(*prefix)) != 0) return {};
  return Network{*first, *prefix};
}

bool is_host_of(const Network& network, Address address) {
  const auto last = network.first.bits | ~mask(network.prefix);
  return address.bits > network.first.bits && address.bits < last;
}

bool is_private(const Network& network) {
  const auto lies_in = [&](std::uint32_t bits, unsigned prefix) {
    return network.prefix >= prefix && (network.first.bits & mask(prefix)) == bits;
  };
  return lies_in(0x0a000000, 8) || lies_in(0xac100000, 12) || lies_in(0xc0a80000, 16);
}

std::string to_string(Address address) {
  return fmt::format("{}.{}.{}.{}", address.bits >> 24, address.bits >> 16 & 255,
                     address.bits >> 8 & 255, address.bits & 255);
}

std::string to_string(const Network& network) {
  return fmt::format("{}/{}", to_string(network.first), network.prefix);
}

}  // namespace muster::lab
