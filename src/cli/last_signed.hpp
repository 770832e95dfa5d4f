// What the record's key signed last, kept as a file beside the key: the newest checkpoint of the
// workspace's log, a signed note. Whoever changes the store alone cannot make it fit; so a record
// that does not begin with it is not signed on, and what was changed in it does not come under a
// good signature. Who can put an older genuine file back as well is found by witnesses alone.
//
// Thread: any; one process writes it, the one that holds the store.
#pragma once
#include <filesystem>
#include <optional>
#include <string>

#include "journal/checkpoint.hpp"
#include "journal/checkpoint_log.hpp"

namespace muster::cli {

inline constexpr const char* kLastSignedFile = "audit.signed";

class LastSigned {
 public:
  /// Reads the file. An error: it is there and cannot be read, or is no checkpoint.
  static Result<LastSigned> read(const std::filesystem::path& folder);

  /// The size whose root `judge` wants; nullopt: nothing was kept.
  std::optional<std::uint64_t> size() const;
  /// Whether the current key may sign on. `log`: folded over the whole workspace log; `root`: of
  /// its first size() entries, nullopt when there are fewer.
  Result<> judge(const journal::CheckpointLog& log, const std::optional<Digest>& root) const;
  /// Durable when it returns. To be called before the entry that holds the note is written: one
  /// that is known here and not there does no harm, the other way round would look like a loss.
  Result<> keep(const std::string& note) const;

 private:
  explicit LastSigned(std::filesystem::path file) : file_{std::move(file)} {}
  Error refused(std::string why) const;

  std::filesystem::path file_;
  std::optional<journal::SignedNote> note_;
  std::optional<journal::Checkpoint> checkpoint_;
};

}  // namespace muster::cli
