// What was removed from the record on purpose, and what must not be: a fold over the workspace
// log's entries `record.pruned`, `legal_hold.placed` and `legal_hold.released`. The workspace log
// itself is never pruned: it keeps size and root of every run. Pure.
//
// What is removed is declared first, in an entry that is signed like any other; so what is gone
// undeclared, or against a hold, shows. docs/retention.md tells the rules.
#pragma once
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "journal/entry.hpp"
#include "journal/tree.hpp"

namespace muster::journal {

/// Nothing of this run, or of any run of this drill, is removed. Exactly one of the two is named.
struct LegalHold {
  std::uint64_t seq = 0;  ///< of the entry that placed it
  std::string run, drill;
  std::string reason;
  std::string by;  ///< the principal
  WallTime since{};
};

/// That something of a run was removed.
struct Pruned {
  std::uint64_t seq = 0;  ///< of the entry that declares it
  std::string run;
  bool whole = false;  ///< entries and blobs; false: its samples alone
  std::string rule;    ///< as retention.yaml had it: "keep 6y"
  TreeHead head;       ///< of the run's log as it was
  std::string by;
  WallTime at{};
};
/// "removed on 2033-01-02 under the rule `keep 6y` by unix:ana; it had 57 entries, root 3f…"
std::string describe(const Pruned& pruned);

struct RetentionProblem {
  std::uint64_t seq = 0;  ///< in the workspace log
  std::string run;
  std::string text;
};

/// What the workspace log says of a run, as far as it matters here.
struct KnownRun {
  std::string drill;
  WallTime closed_at{};
  bool closed = false;
  std::string result, state;
  std::optional<TreeHead> head;  ///< as run.closed said it
};

class RetentionLog {
 public:
  /// The workspace log's entries, all of them, in order.
  void add(const Entry& entry);

  /// In force, in the order in which they were placed.
  const std::vector<LegalHold>& holds() const { return holds_; }
  /// The one that keeps this run; nullptr: none.
  const LegalHold* hold_on(const std::string& run) const;
  /// The one that was placed on exactly this; nullptr: none.
  const LegalHold* placed(const std::string& run, const std::string& drill) const;
  /// What was removed of the run: the most that was declared; nullptr: nothing.
  const Pruned* pruned(const std::string& run) const;
  const std::map<std::string, KnownRun>& runs() const { return runs_; }
  /// Removals that should not have been.
  const std::vector<RetentionProblem>& problems() const { return problems_; }

 private:
  void close(const Entry& entry);
  void release(const Entry& entry);
  void prune(const Entry& entry);

  std::map<std::string, KnownRun> runs_;
  std::vector<LegalHold> holds_;
  std::map<std::string, Pruned> pruned_;
  std::vector<RetentionProblem> problems_;
};

/// What the entries hold.
Json pruned_data(const Pruned& pruned, std::size_t blobs);
Json legal_hold_data(const std::string& run, const std::string& drill, const std::string& reason);
/// Of an entry `record.pruned`; nullopt when it cannot be read.
std::optional<Pruned> read_pruned(const Entry& entry);

}  // namespace muster::journal
