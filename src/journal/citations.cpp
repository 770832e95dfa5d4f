#include "journal/citations.hpp"

namespace muster::journal {

void add_cited(std::string_view bytes, std::set<Digest>& into) {
  constexpr std::size_t kDigits = 64;
  for (auto at = bytes.find('"'); at != bytes.npos; at = bytes.find('"', at + 1)) {
    const auto text = bytes.substr(at + 1, kDigits + 1);
    if (text.size() != kDigits + 1 || text.back() != '"') continue;
    if (const auto digest = digest_from_hex(std::string{text.substr(0, kDigits)}))
      into.insert(*digest);
  }
}

}  // namespace muster::journal
