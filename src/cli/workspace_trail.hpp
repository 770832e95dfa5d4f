// The workspace's log, read once for all that the audit commands ask of it: its runs, its keys, its
// checkpoints, and whether it is whole.
#pragma once
#include <filesystem>
#include <string>
#include <vector>

#include "cli/record.hpp"
#include "journal/checkpoint_log.hpp"
#include "journal/person_audit.hpp"
#include "journal/retention.hpp"
#include "journal/verify.hpp"

namespace muster::cli {

struct WorkspaceTrail {
  journal::Verifier verifier{std::nullopt};  ///< all entries were added; not finished
  journal::CheckpointLog checkpoints;
  journal::RetentionLog retention;
  journal::ErasureLog erasures;
  journal::PersonAudit persons;  ///< of the workspace's log
  std::vector<RunRow> runs;
  /// What run.closed says of each run's log, and in which entry.
  struct Closed {
    std::string run;
    std::uint64_t seq = 0;
    journal::TreeHead head;
  };
  std::vector<Closed> closed;
  /// Entries that open a run under a name that Muster gives to none: these have no row in `runs`,
  /// and whoever judges the record says so.
  struct Problem {
    std::uint64_t seq = 0;
    std::string text;
  };
  std::vector<Problem> problems;
};
/// Entries that are none are the verifier's business; the rest is read all the same. An error where
/// there is no record: what is not there is not whole.
Result<WorkspaceTrail> read_trail(Session& session);

/// A checkpoint that somebody kept, from its bytes. `by` is for people. An error: it is none, or
/// that of another record.
struct KeptCheckpoint {
  std::string by;
  journal::SignedNote note;
  journal::Checkpoint checkpoint;
  ports::LogId log;
  bool weak = false;  ///< kept by whoever runs the drills: it may disagree, but proves nothing
};
Result<KeptCheckpoint> read_kept(const std::string& by, std::string_view bytes,
                                 const journal::KeyHistory& keys);
/// The same, from a file.
Result<KeptCheckpoint> read_kept_file(const std::filesystem::path& file,
                                      const journal::KeyHistory& keys);

/// A small file that the user named, whole.
Result<std::string> read_small_file(const std::filesystem::path& file);

}  // namespace muster::cli
