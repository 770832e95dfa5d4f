#include "adapters/probes/dns_message.hpp"

#include <arpa/inet.h>
#include <arpa/nameser.h>
#include <fmt/format.h>
#include <resolv.h>
#include <sys/random.h>

#include <algorithm>
#include <array>
#include <boost/asio/ip/address.hpp>

#include "base/text.hpp"

namespace muster::probes {
namespace {

constexpr std::array<std::pair<std::string_view, ns_type>, 8> kTypes{{{"A", ns_t_a},
                                                                      {"AAAA", ns_t_aaaa},
                                                                      {"CNAME", ns_t_cname},
                                                                      {"MX", ns_t_mx},
                                                                      {"NS", ns_t_ns},
                                                                      {"PTR", ns_t_ptr},
                                                                      {"SRV", ns_t_srv},
                                                                      {"TXT", ns_t_txt}}};

/// "4.3.2.1.in-addr.arpa"
std::string turned_around(const boost::asio::ip::address& address) {
  std::string out;
  if (address.is_v4()) {
    const auto bytes = address.to_v4().to_bytes();
    for (auto it = bytes.rbegin(); it != bytes.rend(); ++it) out += fmt::format("{}.", *it);
    return out + "in-addr.arpa";
  }
  const auto bytes = address.to_v6().to_bytes();
  for (auto it = bytes.rbegin(); it != bytes.rend(); ++it)
    out += fmt::format("{:x}.{:x}.", *it & 15, *it >> 4);
  return out + "ip6.arpa";
}

/// The name at `at`, which may point back into the message; libresolv bounds the jumps.
std::optional<std::string> name_at(const ns_msg& message, const std::uint8_t* at) {
  std::array<char, NS_MAXDNAME> text{};
  if (::ns_name_uncompress(ns_msg_base(message), ns_msg_end(message), at, text.data(),
                           text.size()) < 0)
    return std::nullopt;
  return std::string{text.data()};
}

std::optional<std::string> named(const ns_msg& message, const ns_rr& record, std::size_t skip) {
  if (ns_rr_rdlen(record) <= skip) return std::nullopt;
  const auto* data = ns_rr_rdata(record);
  const auto name = name_at(message, data + skip);
  if (!name) return std::nullopt;
  std::string out;
  for (std::size_t i = 0; i < skip; i += 2) out += fmt::format("{} ", data[i] << 8 | data[i + 1]);
  return out + *name;
}

std::optional<std::string> text_of(const ns_msg& message, const ns_rr& record) {
  const auto* data = ns_rr_rdata(record);
  const std::size_t size = ns_rr_rdlen(record);
  std::array<char, INET6_ADDRSTRLEN> address{};
  switch (ns_rr_type(record)) {
    case ns_t_a:
      if (size != 4) return std::nullopt;
      return ::inet_ntop(AF_INET, data, address.data(), address.size());
    case ns_t_aaaa:
      if (size != 16) return std::nullopt;
      return ::inet_ntop(AF_INET6, data, address.data(), address.size());
    case ns_t_mx:
      return named(message, record, 2);
    case ns_t_srv:
      return named(message, record, 6);
    case ns_t_txt: {
      std::string out;
      for (std::size_t i = 0; i < size; i += 1u + data[i]) {
        if (i + 1 + data[i] > size) return std::nullopt;
        out.append(reinterpret_cast<const char*>(data + i + 1), data[i]);
      }
      return out;
    }
    default:
      return named(message, record, 0);
  }
}

std::uint8_t lower(std::uint8_t byte) {
  return byte >= 'A' && byte <= 'Z' ? static_cast<std::uint8_t>(byte - 'A' + 'a') : byte;
}

/// An answer (no question, no other operation) with the query's id and its question byte for byte,
/// in any case: it is the first thing after the header, so nothing in it can be compressed.
bool answers(const DnsQuery& query, std::span<const std::uint8_t> packet) {
  const std::span<const std::uint8_t> sent{query.packet};
  if (packet.size() < sent.size() || packet[0] != sent[0] || packet[1] != sent[1]) return false;
  if ((packet[2] & 0xf8) != 0x80 || packet[4] != 0 || packet[5] != 1) return false;
  return std::equal(sent.begin() + NS_HFIXEDSZ, sent.end(), packet.begin() + NS_HFIXEDSZ,
                    [](auto a, auto b) { return lower(a) == lower(b); });
}

}  // namespace

Result<DnsQuery> dns_query(const std::string& name, const std::string& type) {
  const auto* known = std::find_if(kTypes.begin(), kTypes.end(),
                                   [&](const auto& entry) { return entry.first == type; });
  if (known == kTypes.end()) return Error{"a dns probe cannot ask for " + type};
  DnsQuery query{name, known->second, {}};
  while (query.name.size() > 1 && query.name.ends_with('.')) query.name.pop_back();
  boost::system::error_code none;
  const auto address = boost::asio::ip::make_address(name, none);
  if (!none && known->second == ns_t_ptr) query.name = turned_around(address);
  struct __res_state state {};
  state.options = RES_INIT | RES_RECURSE;
  query.packet.resize(NS_PACKETSZ);
  const int size = ::res_nmkquery(&state, ns_o_query, query.name.c_str(), ns_c_in, query.type,
                                  nullptr, 0, nullptr, query.packet.data(), NS_PACKETSZ);
  if (size < 12) return Error{fmt::format("'{}' is not a name that DNS knows", bounded(name, 80))};
  query.packet.resize(static_cast<std::size_t>(size));
  // The id is what keeps a stranger from answering: from the kernel, not from libresolv's clock.
  if (::getrandom(query.packet.data(), 2, 0) != 2) return Error{"no randomness for a dns query"};
  return query;
}

std::optional<Result<DnsReply>> dns_reply(const DnsQuery& query,
                                          std::span<const std::uint8_t> packet) {
  if (!answers(query, packet)) return std::nullopt;
  DnsReply reply;
  reply.truncated = (packet[2] & 2) != 0;  // its end may be cut anywhere: not read further
  reply.code = packet[3] & 15;
  if (reply.truncated) return reply;
  const Error unreadable{"an answer that cannot be read"};
  ns_msg message{};
  if (::ns_initparse(packet.data(), static_cast<int>(packet.size()), &message) != 0)
    return unreadable;
  for (int i = 0; i < ns_msg_count(message, ns_s_an); ++i) {
    ns_rr record{};
    if (::ns_parserr(&message, ns_s_an, i, &record) != 0) return unreadable;
    if (ns_rr_type(record) != query.type || ns_rr_class(record) != ns_c_in) continue;
    const auto text = text_of(message, record);
    if (!text) return unreadable;
    if (reply.answers.size() < kDnsAnswersMax) reply.answers.push_back(*text);
  }
  return reply;
}

std::string dns_code_name(int code) {
  constexpr std::array<std::string_view, 6> kNames{"NOERROR",  "FORMERR", "SERVFAIL",
                                                   "NXDOMAIN", "NOTIMP",  "REFUSED"};
  const auto i = static_cast<std::size_t>(code);
  return i < kNames.size() ? std::string{kNames[i]} : fmt::format("rcode {}", code);
}

std::string system_name_server() {
  struct __res_state state {};
  if (::res_ninit(&state) != 0) return "127.0.0.1:53";
  std::string found = "127.0.0.1:53";
  std::array<char, INET6_ADDRSTRLEN> text{};
  if (const auto* v6 = state._u._ext.nsaddrs[0]; v6 != nullptr && v6->sin6_family == AF_INET6)
    found = fmt::format("[{}]:{}", ::inet_ntop(AF_INET6, &v6->sin6_addr, text.data(), text.size()),
                        ntohs(v6->sin6_port));
  else if (state.nscount > 0)
    found = fmt::format(
        "{}:{}", ::inet_ntop(AF_INET, &state.nsaddr_list[0].sin_addr, text.data(), text.size()),
        ntohs(state.nsaddr_list[0].sin_port));
  ::res_nclose(&state);
  return found;
}

}  // namespace muster::probes
