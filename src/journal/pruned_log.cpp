#include "journal/pruned_log.hpp"

#include <fmt/format.h>

namespace muster::journal {

void PrunedVerifier::found(Damage damage, std::uint64_t seq, std::string text) {
  if (++result_.findings_count <= Verifier::kFindingsMax)
    result_.findings.push_back(Finding{damage, seq, std::move(text)});
}

Verified PrunedVerifier::finish(std::optional<ports::Tip> tip) {
  result_.size = head_.size;
  result_.root = head_.root;
  result_.unwitnessed = head_.size;
  if (tip && tip->size != head_.size)
    found(Damage::tip_differs, head_.size,
          fmt::format("the store says that the log had {} entries, {} were removed", tip->size,
                      head_.size));
  for (auto& c : claims_) {
    if (c.head.size < head_.size) continue;  // of a part that nobody has any more
    const bool agrees = c.head == head_;
    if (c.head.size > head_.size)
      found(Damage::truncated, head_.size,
            fmt::format("{} has seen {} entries, {} were removed", c.by, c.head.size, head_.size));
    else if (!agrees)
      found(Damage::forked, 0,
            fmt::format("the {} entries that were removed are not those that {} has seen",
                        head_.size, c.by));
    else if (c.witness) {
      result_.witnessed = true;
      result_.unwitnessed = 0;
    }
    result_.claims.push_back({std::move(c), agrees});
  }
  claims_.clear();
  return std::move(result_);
}

}  // namespace muster::journal
