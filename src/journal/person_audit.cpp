#include "journal/person_audit.hpp"

#include <fmt/format.h>

namespace muster::journal {

void PersonAudit::add(const Recorded& recorded) {
  each_commitment(recorded.bytes, [&](std::size_t, const Digest& commitment) {
    if (seen_.contains(commitment)) return;
    const auto* found = recorded.persons ? recorded.persons->find(commitment) : nullptr;
    seen_.emplace(commitment, Seen{recorded.seq, found ? found->is : Persons::Is::gone});
  });
}

PersonCounts PersonAudit::judge(
    const ErasureLog& erasures, std::uint64_t signed_size,
    const std::function<void(Damage, std::uint64_t, std::string)>& found) const {
  PersonCounts counts;
  for (const auto& [commitment, seen] : seen_) {
    ++counts.named;
    const auto name = hex(commitment).substr(0, 8);
    const auto* erasure = erasures.of(commitment);
    const bool declared = erasure != nullptr;
    if (seen.is == Persons::Is::altered)
      found(Damage::person_altered, seen.seq,
            fmt::format("entry {} names the person {}, and what the store has for them is not what "
                        "was committed to",
                        seen.seq, name));
    else if (seen.is == Persons::Is::gone && !declared)
      found(Damage::person_missing, seen.seq,
            fmt::format("entry {} names the person {}, whose name is gone, and no entry says that "
                        "it was erased",
                        seen.seq, name));
    else if (seen.is == Persons::Is::gone && erasure->seq >= signed_size)
      found(Damage::person_missing, seen.seq,
            fmt::format("entry {} names the person {}, whose name is gone; entry {} of the "
                        "workspace's log says that it was erased, and nobody signed that",
                        seen.seq, name, erasure->seq));
    else if (declared)
      ++(seen.is == Persons::Is::gone ? counts.erased : counts.pending);
  }
  return counts;
}

}  // namespace muster::journal
