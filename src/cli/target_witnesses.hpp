// Asks hosts what they remember of the record: each was given its newest checkpoint whenever an
// undo was armed there (cli/witnessing_shell.hpp). Under the same sudo as the drills: they may
// disagree, and then the record is damaged; their agreeing proves nothing.
#pragma once
#include <string>
#include <vector>

#include "cli/session.hpp"

namespace muster::cli {

/// More are not asked at once: who has more of them names them by patterns.
inline constexpr std::size_t kTargetsAskedMax = 100;

struct TargetAnswer {
  std::string host;
  std::string why;                 ///< when nothing could be had from it
  std::vector<std::string> notes;  ///< the checkpoints that it keeps, the oldest first
};

/// All at once, each within 20 seconds. Waits on the session's loop. Errors: wanted_hosts()', or
/// too many.
Result<std::vector<TargetAnswer>> ask_targets(Session& session, const std::string& pattern);

}  // namespace muster::cli
