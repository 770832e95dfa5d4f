// The one who writes a log: seals drafts into the chain and commits them. One commit is in flight
// at a time; what is handed over meanwhile shares the next one (group commit).
//
// Who calls: the engine's driver. Thread: the engine's; answers arrive there too, in the order of
// the writes, never from inside a call. Destroying the writer drops the answers that are
// outstanding; what was in flight may land. `store` must outlive it. What it is not: a judge of
// what may follow what (the engine), or a buffer for a store that is down.
#pragma once
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "journal/entry.hpp"
#include "journal/person_book.hpp"
#include "ports/store.hpp"

namespace muster::journal {

/// What must land together. At least one draft.
struct Write {
  std::vector<Draft> drafts;
  std::vector<ports::Guard> guards;
  std::vector<ports::Put> puts;
  std::vector<std::string> blobs;
};

/// What became of a Write. `durable`: what it announces may be done. Everything else: start only
/// what heals. After `fenced`, `failed` and `unknown` the writer is stopped, and answers every
/// later write the same way; `unknown` is what is left when not even the tip could be read again.
struct Written {
  ports::Commit commit{};
  std::string why;              ///< for people; empty when durable
  std::uint64_t first_seq = 0;  ///< of its entries, when durable
  ports::Tip tip;               ///< of the log, when durable
};
/// What a write that was refused means for those that were handed over after it. `stand_alone`:
/// each lands or fails by itself. `build_on`: they were made in the belief that it lands, so they
/// are refused too, and the writer is stopped; else the record would have a hole that nobody sees.
enum class Writes { stand_alone, build_on };
using OnWritten = std::function<void(const Written&)>;

class Writer {
 public:
  /// `context.epoch` is overwritten by open().
  Writer(ports::Store& store, ports::LogId log, Context context, Writes writes,
         SaltSource salts = system_salts());
  ~Writer();
  Writer(const Writer&) = delete;
  Writer& operator=(const Writer&) = delete;

  /// Holds the log for this store, at a new epoch, and reads its tip and whom it knows. Once,
  /// before any write. An error: another holds it, or the store does not answer; the writer is then
  /// of no use.
  void open(Duration ttl, ports::OnAnswer<ports::Tip> answer);

  /// Error: not queued, and `answer` is never called: no drafts, too many, or one that cannot be
  /// sealed (too large, data without canonical form). That is a mistake in the drafts, not in the
  /// store.
  Result<void> write(Write write, OnWritten answer);

  std::uint64_t epoch() const;

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace muster::journal
