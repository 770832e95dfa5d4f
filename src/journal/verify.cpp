#include "journal/verify.hpp"

#include <fmt/format.h>

#include <iterator>

#include "base/text.hpp"
#include "journal/kinds.hpp"

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
  }
  return "?";
}

Verifier::Verifier(std::optional<std::string> run, std::optional<Witness> witness)
    : run_(std::move(run)), witness_(witness) {
  if (witness_ && witness_->size == 0) root_at_witness_ = tree_.root();
}

void Verifier::found(Damage damage, std::uint64_t seq, std::string text) {
  if (++result_.findings_count <= kFindingsMax)
    result_.findings.push_back(Finding{damage, seq, std::move(text)});
}

void Verifier::add(std::string_view bytes) {
  const Digest leaf = leaf_hash(bytes);
  tree_.add(leaf);
  last_leaf_ = leaf;
  if (witness_ && tree_.size() == witness_->size) root_at_witness_ = tree_.root();
  const auto entry = read_entry(bytes);
  if (!entry) {
    // It fills the next place: what follows is then judged on its own prev.
    found(Damage::unreadable, next_, fmt::format("entry {}: {}", next_, to_string(entry.error())));
    newest_leaf_ = leaf;
    chained_ = true;
    ++next_;
    return;
  }
  place(*entry, leaf);
  judge_content(*entry);
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
  result_.size = tree_.size();
  result_.root = tree_.root();
  if (tip && !(*tip == ports::Tip{tree_.size(), last_leaf_}))
    found(Damage::tip_differs, tree_.size(),
          fmt::format("the store says that the log has {} entries and ends otherwise; {} were read",
                      tip->size, tree_.size()));
  if (witness_ && witness_->size > tree_.size())
    found(Damage::truncated, tree_.size(),
          fmt::format("a witness has seen {} entries, {} are left", witness_->size, tree_.size()));
  else if (witness_ && *root_at_witness_ != witness_->root)
    found(
        Damage::forked, 0,
        fmt::format("the first {} entries are not those that a witness has seen", witness_->size));
  else if (witness_)
    result_.witnessed = true;
  result_.unwitnessed = tree_.size() - (result_.witnessed ? witness_->size : 0);
  return std::move(result_);
}

Verified verify(std::span<const std::string> entries, std::optional<std::string> run,
                std::optional<Witness> witness, std::optional<ports::Tip> tip) {
  Verifier v{std::move(run), witness};
  for (const auto& e : entries) v.add(e);
  return v.finish(tip);
}

}  // namespace muster::journal
