#include "cli/due_now.hpp"

namespace muster::cli {

std::optional<DueNow> due_now(const model::Drill& drill, const std::vector<history::Run>& runs,
                              WallTime now) {
  if (!drill.due) return std::nullopt;
  model::Diagnostics ignored;  // `muster check` tells them
  const auto due = schedule::Due::compile(
      *drill.due, drill.schedule ? *drill.schedule->timezone : std::string{}, ignored);
  if (!due) return std::nullopt;
  std::vector<schedule::Tested> tests;
  for (const auto& run : runs)
    if (run.drill == *drill.name && run.closed && run.is_test())
      tests.push_back({run.opened, run.passed()});
  return DueNow{*due, due->state(tests, now)};
}

}  // namespace muster::cli
