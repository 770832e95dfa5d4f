// Does a log still hold what was written to it? Pure: bytes in, findings out. Nothing found and a
// witness seen is proof; nothing found without a witness only says that the log is consistent in
// itself, since the owner of the machine can write a whole new chain, or leave off its end.
#pragma once
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "journal/entry.hpp"
#include "journal/tree.hpp"

namespace muster::journal {

enum class Damage {
  unreadable,       ///< not an entry in canonical form
  edited,           ///< does not follow from the one before: one of the two was changed
  missing,          ///< a seq that is not there though a later one is
  extra,            ///< a seq that was there already
  out_of_order,     ///< stands after one that was written later
  foreign,          ///< belongs to another run
  stale_epoch,      ///< written at an older epoch than the one before it
  unknown_kind,     ///< a kind that this muster does not know: use a newer one
  tip_differs,      ///< the store's own tip says otherwise
  truncated,        ///< somebody has seen more entries
  forked,           ///< somebody has seen other entries
  wrong_key,        ///< a signature or a change of keys is not as it must be
  wrongly_removed,  ///< removed on purpose, and it should not have been: a legal hold kept it, …
  person_missing,  ///< a name that an entry commits to is gone, and nothing says that it was erased
  person_altered,  ///< the name in the store is not the one that was committed to
  evidence_lost    ///< a plan, script or samples that an entry cites is gone, or is not what it was
};
std::string_view to_string(Damage d);

struct Finding {
  Damage damage{};
  std::uint64_t seq = 0;  ///< the entry that it is about
  std::string text;       ///< for people
};

/// Size and root that somebody kept elsewhere: a checkpoint, or run.closed in the workspace log.
using Witness = TreeHead;

/// What somebody says that the log was.
struct Claim {
  TreeHead head;
  std::string by = "a witness";  ///< for people: "the checkpoint of entry 17", "witness vault"
  bool witness = true;  ///< kept elsewhere; false: it stands in the same store, which can lie whole
};
struct JudgedClaim {
  Claim claim;
  bool agrees = false;
};

struct Verified {
  std::uint64_t size = 0;  ///< entries read
  Digest root{};           ///< over the entries as they were read
  bool witnessed = false;  ///< a witness was given and agrees; false with no finding = UNWITNESSED
  std::uint64_t unwitnessed =
      0;  ///< entries past what the witness covers: their end may have been cut off
  std::vector<Finding> findings;  ///< the first kFindingsMax
  std::uint64_t findings_count = 0;
  std::vector<JudgedClaim> claims;  ///< in the order in which they were given
  bool intact() const { return findings_count == 0; }
};

class Verifier {
 public:
  static constexpr std::size_t kFindingsMax = 100;

  /// `run`: the run that every entry must belong to; nullopt for the workspace log.
  explicit Verifier(std::optional<std::string> run, std::optional<Witness> witness = {});
  /// The next entry's bytes, in the order in which the store gave them. The entry, when it is one.
  std::optional<Entry> add(std::string_view bytes);
  /// At any time before finish().
  void claim(Claim claim) { claims_.push_back(std::move(claim)); }
  /// What another fold found in the same entries.
  void found(Damage damage, std::uint64_t seq, std::string text);
  /// `tip`: what the store says, if it was asked.
  Verified finish(std::optional<ports::Tip> tip = {});
  /// Leaf hashes of what was added: for proofs.
  const std::vector<Digest>& leaves() const { return leaves_; }

 private:
  void place(const Entry& entry, const Digest& leaf);
  void judge_content(const Entry& entry);
  void judge_claims();

  std::optional<std::string> run_;
  std::vector<Claim> claims_;
  std::vector<Digest> leaves_;  ///< of all entries, in the order in which they were read
  Digest newest_leaf_{};        ///< of the entry with the highest seq so far
  std::uint64_t next_ = 0;      ///< the highest seq so far, plus one
  bool chained_ = true;         ///< newest_leaf_ is that of seq next_ - 1
  std::uint64_t epoch_ = 0;
  std::map<std::uint64_t, std::uint64_t> gaps_;  ///< first missing -> one past the last missing
  Verified result_;
};

/// The whole log at once.
Verified verify(std::span<const std::string> entries, std::optional<std::string> run,
                std::optional<Witness> witness = {}, std::optional<ports::Tip> tip = {});

}  // namespace muster::journal
