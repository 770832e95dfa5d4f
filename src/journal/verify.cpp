#include "journal/verify.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "base/text.hpp"
#include "journal/kinds.hpp"
#include "journal/proof.hpp"

namespace muster::journal {

std::string_view to_string(Damage d) {
  switch (d) {
    case Damage::unreadable:
      return "unreadable";
    case Damage::edited:
      return "edited";
    case Damage::missing:
      return "missing";
    case Damage::extra:
      return "extra";
    case Damage::out_of_order:
      return "out of order";
    case Damage::foreign:
      return "foreign";
    case Damage::stale_epoch:
      return "stale epoch";
    case Damage::unknown_kind:
      return "unknown kind";
    case Damage::tip_differs:
      return "tip differs";
    case Damage::truncated:
      return "truncated";
    case Damage::forked:
      return "forked";
    case Damage::wrong_key:
      return "wrong key";
    case Damage::wrongly_removed:
      return "wrongly removed";
    case Damage::person_missing:
      return "person missing";
    case Damage::person_altered:
      return "person altered";
    case Damage::evidence_lost:
      return "evidence lost";
  }
  return "?";
}

Verifier::Verifier(std::optional<std::string> run, std::optional<Witness> witness)
    : run_(std::move(run)) {
  if (witness) claim({*witness});
}

void Verifier::found(Damage damage, std::uint64_t seq, std::string text) {
  if (++result_.findings_count <= kFindingsMax)
    result_.findings.push_back(Finding{damage, seq, std::move(text)});
}

std::optional<Entry> Verifier::add(std::string_view bytes) {
  const Digest leaf = leaf_hash(bytes);
  leaves_.push_back(leaf);
  auto entry = read_entry(bytes);
  if (!entry) {
    // It fills the next place: what follows is then judged on its own prev.
    found(Damage::unreadable, next_, fmt::format("entry {}: {}", next_, to_string(entry.error())));
    newest_leaf_ = leaf;
    chained_ = true;
    ++next_;
    return std::nullopt;
  }
  place(*entry, leaf);
  judge_content(*entry);
  return std::move(*entry);
}

void Verifier::place(const Entry& e, const Digest& leaf) {
  if (e.seq < next_) {
    auto gap = gaps_.upper_bound(e.seq);
    const bool was_missing = gap != gaps_.begin() && e.seq < std::prev(gap)->second;
    if (!was_missing)
      return found(Damage::extra, e.seq, fmt::format("entry {} is there more than once", e.seq));
    --gap;
    const auto [from, to] = *gap;
    gaps_.erase(gap);
    if (from < e.seq) gaps_[from] = e.seq;
    if (e.seq + 1 < to) gaps_[e.seq + 1] = to;
    return found(Damage::out_of_order, e.seq,
                 fmt::format("entry {} stands after one that was written later", e.seq));
  }
  if (e.seq > next_) {
    gaps_[next_] = e.seq;
    chained_ = false;  // its predecessor was not read: its prev cannot be judged
  }
  if (chained_ && e.prev != newest_leaf_)
    found(Damage::edited, e.seq == 0 ? 0 : e.seq - 1,
          e.seq == 0
              ? std::string{"entry 0 does not begin a log: entries before it were cut off"}
              : fmt::format("entry {} does not follow from entry {} as it is now: one of the two "
                            "was changed",
                            e.seq, e.seq - 1));
  next_ = e.seq + 1;
  newest_leaf_ = leaf;
  chained_ = true;
}

void Verifier::judge_content(const Entry& e) {
  if (run_ && e.run != *run_)
    found(Damage::foreign, e.seq,
          fmt::format("entry {} belongs to run '{}', not to '{}'", e.seq, printable(e.run), *run_));
  if (e.epoch < epoch_)
    found(Damage::stale_epoch, e.seq,
          fmt::format("entry {} was written at epoch {}, after one of epoch {}", e.seq, e.epoch,
                      epoch_));
  epoch_ = std::max(epoch_, e.epoch);
  if (!kinds::known(e.action))
    found(Damage::unknown_kind, e.seq,
          fmt::format("entry {} is of the unknown kind '{}'; a newer muster may know it", e.seq,
                      printable(e.action)));
}

Verified Verifier::finish(std::optional<ports::Tip> tip) {
  for (const auto& [from, to] : gaps_)
    found(Damage::missing, from,
          to - from == 1 ? fmt::format("entry {} is missing", from)
                         : fmt::format("entries {} to {} are missing", from, to - 1));
  const Digest last = leaves_.empty() ? Digest{} : leaves_.back();
  result_.size = leaves_.size();
  if (tip && !(*tip == ports::Tip{leaves_.size(), last}))
    found(Damage::tip_differs, leaves_.size(),
          fmt::format("the store says that the log has {} entries and ends otherwise; {} were read",
                      tip->size, leaves_.size()));
  judge_claims();
  return std::move(result_);
}

void Verifier::judge_claims() {
  // One walk over the leaves gives the roots at all sizes that are claimed, and the last one.
  std::vector<std::uint64_t> sizes{leaves_.size()};
  for (const auto& c : claims_)
    if (c.head.size < leaves_.size()) sizes.push_back(c.head.size);
  std::sort(sizes.begin(), sizes.end());
  const auto roots = roots_at(leaves_, sizes);
  const auto root_at = [&](std::uint64_t size) {
    return roots[static_cast<std::size_t>(std::lower_bound(sizes.begin(), sizes.end(), size) -
                                          sizes.begin())];
  };
  result_.root = roots.back();
  result_.unwitnessed = leaves_.size();
  for (auto& c : claims_) {
    const auto size = c.head.size;
    const bool agrees = size <= leaves_.size() && root_at(size) == c.head.root;
    if (size > leaves_.size())
      found(Damage::truncated, leaves_.size(),
            fmt::format("{} has seen {} entries, {} are left", c.by, size, leaves_.size()));
    else if (!agrees)
      found(Damage::forked, 0,
            fmt::format("the first {} entries are not those that {} has seen", size, c.by));
    else if (c.witness) {
      result_.witnessed = true;
      result_.unwitnessed = std::min(result_.unwitnessed, leaves_.size() - size);
    }
    result_.claims.push_back({std::move(c), agrees});
  }
  claims_.clear();
}

Verified verify(std::span<const std::string> entries, std::optional<std::string> run,
                std::optional<Witness> witness, std::optional<ports::Tip> tip) {
  Verifier v{std::move(run), witness};
  for (const auto& e : entries) v.add(e);
  return v.finish(tip);
}

}  // namespace muster::journal
