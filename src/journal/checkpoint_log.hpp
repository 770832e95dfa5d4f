// The checkpoints that stand in the workspace log: of itself and of every run's log, as entries
// `checkpoint` and in changes of keys. A fold that judges each signature by the key whose turn it
// was; whether a log still has the root that was signed is verify.hpp's question. Pure.
#pragma once
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "journal/key_history.hpp"

namespace muster::journal {

struct StoredCheckpoint {
  std::uint64_t seq = 0;  ///< of the entry in the workspace log
  Checkpoint checkpoint;
  std::string note;  ///< as signed
};

class CheckpointLog {
 public:
  /// The workspace log's entries, all of them, in order.
  void add(const Entry& entry);

  const KeyHistory& keys() const { return keys_; }
  /// Those with a good signature, by log, in the order in which they were made.
  const std::map<ports::LogId, std::vector<StoredCheckpoint>>& signed_logs() const {
    return signed_;
  }
  /// The newest one of a log; nullptr when it was never signed.
  const StoredCheckpoint* newest(const ports::LogId& log) const;
  /// The workspace's log was signed by the key of that term or a later one: so that key stands for
  /// all that came before it, too. (That it was named by the one before is that one's word.)
  bool is_signed_since(const KeyTerm& term) const;
  /// What a checkpoint covers of the workspace's log: entries below it are signed.
  std::uint64_t signed_size() const;
  /// Of keys and signatures.
  const std::vector<KeyProblem>& problems() const { return problems_; }
  /// Entries of the workspace log that no checkpoint covers and that are none themselves.
  std::uint64_t unsigned_entries() const { return tail_.size(); }

 private:
  void checkpoint(const Entry& entry);
  void keep(const Entry& entry, Checkpoint checkpoint, std::string note);

  KeyHistory keys_;
  std::map<ports::LogId, std::vector<StoredCheckpoint>> signed_;
  std::vector<KeyProblem> problems_;
  std::vector<std::uint64_t> tail_;  ///< seqs that no checkpoint of the workspace log covers yet
};

/// What an entry `checkpoint` holds.
Json checkpoint_data(const ports::LogId& log, const TreeHead& head, const std::string& note);

}  // namespace muster::journal
