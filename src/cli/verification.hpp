// A record verified as a whole: the workspace's log, then the runs' logs by what the workspace's
// log, its checkpoints and kept checkpoints say of them. What `muster audit verify` prints.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "cli/workspace_trail.hpp"

namespace muster::cli {

struct VerifyWishes {
  std::string run;                          ///< an id; "": all of them
  std::optional<journal::VerifierKey> key;  ///< the one that the reader trusts
  std::vector<KeptCheckpoint> kept;
};

struct LogVerdict {
  ports::LogId log;
  std::optional<Error> unreadable;
  journal::Verified verified;
  std::string removed;  ///< its entries were, on purpose: when, by whom, under which rule; or ""
  journal::PersonCounts persons = {};
  std::uint64_t signed_size = 0;  ///< the newest good checkpoint's; 0: never signed
};

struct Verification {
  std::string name;  ///< of the record; "" while there is no key
  std::vector<journal::KeyTerm> keys;
  std::vector<LogVerdict> logs;  ///< the workspace's first
  bool intact() const;
  /// Every log was signed.
  bool is_signed() const;
  /// Of every log somebody else has kept size and root, and agrees.
  bool witnessed() const;
};

/// `trail`: as read just before, from the same session.
Verification verify_record(Session& session, WorkspaceTrail trail, const VerifyWishes& wishes);

}  // namespace muster::cli
