// The workspace's drills with what their files say of time, and what the record says of their runs.
#pragma once
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "cli/record.hpp"
#include "model/workspace.hpp"
#include "schedule/timetable.hpp"
#include "scheduler/standing.hpp"

namespace muster::cli {

/// One drill.
struct DrillTimes {
  std::string title, why, owner;
  Duration longest{};  ///< `max_duration`, or an hour.
  schedule::Timetable table;
  schedule::Freezes freezes;
};

/// Of its file and what was made of it.
DrillTimes drill_times(const model::Drill& drill, schedule::Timetable table,
                       schedule::Freezes freezes);

/// All of them, in the order of their files; those of `drill` alone when it is not empty. Checks
/// the zones against libc. Prints what is wrong to stderr, and gives nothing then.
std::optional<std::vector<DrillTimes>> load_drill_times(const std::filesystem::path& workspace,
                                                        const std::string& drill);

/// What the record says of one drill.
struct DrillPast {
  /// Runs that tested something, in their order: PASS, FAIL and INCONCLUSIVE are tests; a pass that
  /// left something behind is no pass.
  std::vector<schedule::Tested> tests;
  std::optional<scheduler::Hold> hold;  ///< by a person
};
using PastByDrill = std::map<std::string, DrillPast, std::less<>>;
/// Of a workspace that has no record yet: none.
Result<PastByDrill> load_past(const std::filesystem::path& workspace);

}  // namespace muster::cli
