// DNS packets, built and read with the system's own libresolv. Pure but for the random id.
#pragma once
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/result.hpp"

namespace muster::probes {

inline constexpr std::size_t kDnsMessageBytesMax = 65'535;
inline constexpr std::size_t kDnsAnswersMax = 100;

struct DnsQuery {
  std::string name;  // without the last dot; of a PTR question the name below in-addr.arpa
  int type = 0;      // ns_t_a, …
  std::vector<std::uint8_t> packet;
  bool operator==(const DnsQuery&) const = default;
};

struct DnsReply {
  bool truncated = false;
  int code = 0;                      // 0 no error, 3 no such name
  std::vector<std::string> answers;  // of the type that was asked for, as people write them
};

/// A fresh query with a random id. An address as the name of a PTR question is turned around.
Result<DnsQuery> dns_query(const std::string& name, const std::string& type);

/// Nothing when it is no answer to this query (another id, another question, not even a message):
/// anybody can send those, so they are passed over. An Error when it answers the query with
/// something that cannot be read.
std::optional<Result<DnsReply>> dns_reply(const DnsQuery& query,
                                          std::span<const std::uint8_t> packet);

/// "NXDOMAIN", "SERVFAIL"
std::string dns_code_name(int code);

/// "10.0.0.53:53" of the first name server of /etc/resolv.conf, which is read: worker threads only.
std::string system_name_server();

}  // namespace muster::probes
