// What `muster run` and `muster show` print: progress while it goes on, and the summary at its end.
// Text without control characters whatever the record holds, other than the colours when they are
// asked for.
#pragma once
#include <optional>
#include <string>

#include "journal/entry.hpp"
#include "plan/plan.hpp"
#include "report/summary.hpp"

namespace muster::report {

/// At most about 40 lines, the verdict first. `colour`: a second sign beside the words and marks.
std::string terminal_text(const Summary& summary, bool colour);

/// `00:41.2  step 3 "Restore the backup" started`: one line without its line feed for what a person
/// who watches wants to see, nothing for the rest. `start`: when the run was opened.
std::optional<std::string> progress_line(const journal::Draft& draft, Instant start,
                                         const plan::Plan& plan);

}  // namespace muster::report
