// Bringing runs to their end whose process died, and what came of it in one look.
#pragma once
#include <string>
#include <vector>

#include "cli/runner.hpp"

namespace muster::cli {

/// One effect that a dead run may have left, and what became of it.
struct RecoveredEffect {
  std::string run, script, host, id;
  enum class Is { healed, held, moot, mended, unreachable, failed } is = Is::failed;
  std::string why;
};

struct Recovery {
  std::vector<std::string> runs;  // brought to their end, or tried
  std::vector<RecoveredEffect> found;
  std::vector<std::string> problems;  // runs that could not be brought to their end, and why
  std::vector<std::string> unread;    // those of them whose record cannot be read
  std::vector<std::string> details;   // the summary of each run, for the terminal
  bool dirty = false;

  std::size_t count(RecoveredEffect::Is is) const;
};

/// Each of them; prints progress as it goes.
Recovery recover_all(Session& session, const std::vector<RunRow>& rows, const RunOptions& options);

/// What was found, healed, held and unreachable, and what to do next. Ends without a newline.
std::string summary_text(const Recovery& recovery);
Json summary_json(const Recovery& recovery);

}  // namespace muster::cli
