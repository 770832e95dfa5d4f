// What a name server, or whoever is faster, sends. The first byte says what was asked for; the rest
// stands behind a header and question that fit the query, and is tried as a whole packet too.
#include <array>

#include "adapters/probes/dns_message.hpp"
#include "tests/fuzz/target.hpp"

namespace muster::fuzz {

void dns(std::string_view bytes) {
  if (bytes.empty() || bytes.size() > 4096) return;
  constexpr std::array kTypes{"A", "AAAA", "CNAME", "MX", "NS", "PTR", "SRV", "TXT"};
  auto query = *probes::dns_query("db.example.org",
                                  kTypes[static_cast<unsigned char>(bytes[0]) % kTypes.size()]);
  query.packet[0] = query.packet[1] = 0;  // the same bytes are the same case
  const std::vector<std::uint8_t> sent{bytes.begin() + 1, bytes.end()};
  std::vector<std::uint8_t> fitting = query.packet;
  fitting[2] = 0x81;
  fitting[3] = 0x80;
  for (std::size_t i = 0; i < 6 && i < sent.size(); ++i) fitting[6 + i] = sent[i];
  if (sent.size() > 6) fitting.insert(fitting.end(), sent.begin() + 6, sent.end());
  for (const auto& packet : {sent, fitting}) {
    const auto reply = probes::dns_reply(query, packet);
    if (!reply || !*reply) continue;
    promise((*reply)->answers.size() <= probes::kDnsAnswersMax, "too many answers");
    probes::dns_code_name((*reply)->code);
  }
}

}  // namespace muster::fuzz
