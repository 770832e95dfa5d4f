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
  unreadable,    ///< not an entry in canonical form
  edited,        ///< does not follow from the one before: one of the two was changed
  missing,       ///< a seq that is not there though a later one is
  extra,         ///< a seq that was there already
  out_of_order,  ///< stands after one that was written later
  foreign,       ///< belongs to another run
  stale_epoch,   ///< written at an older epoch than the one before it
  unknown_kind,  ///< a kind that this muster does not know: use a newer one
  tip_differs,   ///< the store's own tip says otherwise
  truncated,     ///< a witness has seen more entries
  forked,        ///< a witness has seen other entries
};
std::string_view to_string(Damage d);

struct Finding {
  Damage damage{};
  std::uint64_t seq = 0;  ///< the entry that it is about
  std::string text;       ///< for people
};

/// Size and root that somebody kept elsewhere: a checkpoint, or run.closed in the workspace log.
struct Witness {
  std::uint64_t size = 0;
  Digest root{};
};

struct Verified {
  std::uint64_t size = 0;  ///< entries read
  Digest root{};           ///< over the entries as they were read
  bool witnessed = false;  ///< a witness was given and agrees; false with no finding = UNWITNESSED
  std::uint64_t unwitnessed =
      0;  ///< entries past what the witness covers: their end may have been cut off
  std::vector<Finding> findings;  ///< the first kFindingsMax
  std::uint64_t findings_count = 0;
  bool intact() const { return findings_count == 0; }
};

class Verifier {
 public:
  static constexpr std::size_t kFindingsMax = 100;

  /// `run`: the run that every entry must belong to; nullopt for the workspace log.
  explicit Verifier(std::optional<std::string> run, std::optional<Witness> witness = {});
  /// The next entry's bytes, in the order in which the store gave them.
  void add(std::string_view bytes);
  /// `tip`: what the store says, if it was asked.
  Verified finish(std::optional<ports::Tip> tip = {});

 private:
  void found(Damage damage, std::uint64_t seq, std::string text);
  void place(const Entry& entry, const Digest& leaf);
  void judge_content(const Entry& entry);

  std::optional<std::string> run_;
  std::optional<Witness> witness_;
  std::optional<Digest> root_at_witness_;
  Tree tree_;
  Digest last_leaf_{};      ///< of the entry that was read last, wherever it belongs
  Digest newest_leaf_{};    ///< of the entry with the highest seq so far
  std::uint64_t next_ = 0;  ///< the highest seq so far, plus one
  bool chained_ = true;     ///< newest_leaf_ is that of seq next_ - 1
  std::uint64_t epoch_ = 0;
  std::map<std::uint64_t, std::uint64_t> gaps_;  ///< first missing -> one past the last missing
  Verified result_;
};

/// The whole log at once.
Verified verify(std::span<const std::string> entries, std::optional<std::string> run,
                std::optional<Witness> witness = {}, std::optional<ports::Tip> tip = {});

}  // namespace muster::journal
