// Where the record is kept: append-only logs of sealed entries, blobs named by their SHA-256, and
// small rows derived from the entries. The store sees bytes; what they mean is journal/'s business.
//
// Who calls: journal::Writer (commit), folds and verification (the reads), the engine's driver
// (hold). Thread: every call is made on the engine's thread and returns at once; every answer
// arrives on that same thread, later, never from inside the call. Calls are carried out in the
// order in which they were made: a read sees what was committed by calls before it. What it is not:
// a cache, a queue, or a place for secrets. Source of the rules: reference/journal.md, "Stores".
#pragma once
#include <algorithm>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/digest.hpp"
#include "base/result.hpp"
#include "base/time.hpp"

namespace muster::ports {

/// "workspace", or "run/<run id>". Printable ASCII.
using LogId = std::string;

/// RFC 6962: SHA256(0x00 || entry). What a log's tip holds, and the next entry's `prev`.
inline Digest leaf_hash(std::string_view entry) {
  std::string bytes(1, '\0');
  bytes += entry;
  return sha256(bytes);
}

/// How far a log is: number of entries, and the leaf hash of the last one (all zero when there is
/// none).
struct Tip {
  std::uint64_t size = 0;
  Digest last{};
  bool operator==(const Tip&) const = default;
};

inline Tip extended(Tip tip, const std::vector<std::string>& entries) {
  if (!entries.empty()) tip.last = leaf_hash(entries.back());
  tip.size += entries.size();
  return tip;
}

/// The batch lands only if the row under `key` is exactly `was`; nullopt: must be absent.
/// Gives claims on targets and the uniqueness of (schedule, nominal time) without row locks.
struct Guard {
  std::string key;
  std::optional<std::string> was;
};

/// Sets the row under `key`; nullopt erases it. Rows are derived: folding the entries makes them
/// again.
struct Put {
  std::string key;
  std::optional<std::string> to;
};

/// All of it becomes durable, or none. Guards are judged before puts. Blobs that the entries cite
/// may ride along, so that evidence and entry cost one fsync; one that is there already is left
/// alone.
struct Batch {
  LogId log;
  std::uint64_t epoch = 0;  ///< as answered by hold(): who does not hold a log cannot write it
  Tip before;               ///< compare-and-swap: the log must end exactly here
  std::vector<std::string> entries;
  std::vector<Guard> guards;
  std::vector<Put> puts;
  std::vector<std::string> blobs;
};

/// What is let go on purpose: all entries of these logs, these blobs, and these rows. What is not
/// there (any more) is passed over.
struct Erasure {
  std::vector<LogId> logs;
  std::vector<Digest> blobs;
  std::vector<std::string> rows = {};  ///< by their keys
  /// Nothing that was ever removed is left over in the medium's unused parts either: takes long.
  bool thorough = false;
};

enum class Commit {
  durable,   ///< on stable storage: what it announces may now be done
  conflict,  ///< the tip or a guard was otherwise; nothing was written. Read again, decide again
  fenced,    ///< the log is held at another epoch, or no more by this store: stop, write no more
  full,     ///< no room (disk, queue, or a limit below); nothing was written, smaller ones may land
  failed,   ///< the medium failed. Poisons the store: every later write is `failed` too; stop
            ///< injecting, revert, reopen; only the tip after that says whether this one landed
  unknown,  ///< may have landed (connection lost at COMMIT): re-read the tip, then decide
};

/// `why` is for people, empty when durable.
using OnCommit = std::function<void(Commit, const std::string& why)>;
template <class T>
using OnAnswer = std::function<void(Result<T>)>;

struct Stored {
  std::uint64_t seq =
      0;  ///< where the store keeps it; a gap here means that somebody removed entries
  std::string bytes;
};

struct Row {
  std::string key;
  std::string value;
};

struct StoreLimits {
  static constexpr std::size_t kEntryBytesMax = 65'535;
  static constexpr std::size_t kBatchEntriesMax = 1'024;
  static constexpr std::size_t kKeyBytesMax = 512;
  static constexpr std::size_t kRowBytesMax = 1u << 20;
  static constexpr std::size_t kBlobBytesMax = 64u << 20;
  static constexpr std::size_t kBatchBlobBytesMax = 128u << 20;
};

class Store {
 public:
  virtual ~Store() = default;

  virtual void commit(Batch batch, OnCommit answer) = 0;

  virtual void tip(LogId log, OnAnswer<Tip> answer) = 0;
  /// Entries in order from `from` on: as many as fit `bytes_max`, at least one, none at the end.
  /// Go on from the last one's seq + 1.
  virtual void entries(LogId log, std::uint64_t from, std::size_t bytes_max,
                       OnAnswer<std::vector<Stored>> answer) = 0;
  /// Rows whose key starts with `prefix` and is greater than `after`, in the order of the keys'
  /// bytes.
  virtual void scan(std::string prefix, std::string after, std::size_t rows_max,
                    OnAnswer<std::vector<Row>> answer) = 0;

  /// Durable when answered; the same bytes twice are one blob.
  virtual void put_blob(std::string bytes, OnAnswer<Digest> answer) = 0;
  /// The bytes, checked against their name. A blob that is missing or damaged is an error.
  virtual void blob(Digest name, OnAnswer<std::string> answer) = 0;

  /// Removes for good, all of it or nothing; durable when answered, and overwritten where the
  /// medium lets that be done. A log keeps its tip, so that it can never be begun anew. Refused for
  /// a log that somebody holds. Whoever calls has declared it in the record first
  /// (journal/retention.hpp): entries that are gone undeclared are damage.
  virtual void erase(Erasure what, OnAnswer<void> answer) = 0;

  /// Makes this store object the log's one writer, at an epoch above every earlier one; for the
  /// object that holds it already: renews, same epoch. Refused while another holds it. A store that
  /// several hosts share frees it after `ttl` without renewal; one that belongs to a process, with
  /// the process.
  virtual void hold(LogId log, Duration ttl, OnAnswer<std::uint64_t> answer) = 0;
  /// Ends a hold; commits at its epoch are fenced from here on. Releasing what is not held does
  /// nothing.
  virtual void release(LogId log, std::uint64_t epoch, OnAnswer<void> answer) = 0;
};

/// "" or which limit the batch breaks. Every store answers `full` with it.
inline std::string over_limit(const Batch& b) {
  using L = StoreLimits;
  const auto key_fits = [](const auto& x) {
    return !x.key.empty() && x.key.size() <= L::kKeyBytesMax;
  };
  if (b.log.empty() || b.log.size() > L::kKeyBytesMax)
    return "the log's name is empty or above 512 bytes";
  if (b.entries.size() > L::kBatchEntriesMax) return "a batch has more than 1,024 entries";
  for (const auto& e : b.entries)
    if (e.empty() || e.size() > L::kEntryBytesMax) return "an entry is empty or above 65,535 bytes";
  if (!std::all_of(b.guards.begin(), b.guards.end(), key_fits) ||
      !std::all_of(b.puts.begin(), b.puts.end(), key_fits))
    return "a row's key is empty or above 512 bytes";
  for (const auto& p : b.puts)
    if (p.to && p.to->size() > L::kRowBytesMax) return "a row is above 1 MiB";
  std::size_t blob_bytes = 0;
  for (const auto& bytes : b.blobs) {
    if (bytes.size() > L::kBlobBytesMax) return "a blob is above 64 MiB";
    blob_bytes += bytes.size();
  }
  if (blob_bytes > L::kBatchBlobBytesMax) return "a batch's blobs are above 128 MiB";
  return {};
}

inline std::string_view to_string(Commit c) {
  switch (c) {
    case Commit::durable:
      return "durable";
    case Commit::conflict:
      return "conflict";
    case Commit::fenced:
      return "fenced";
    case Commit::full:
      return "full";
    case Commit::failed:
      return "failed";
    case Commit::unknown:
      return "unknown";
  }
  return "?";
}

}  // namespace muster::ports
