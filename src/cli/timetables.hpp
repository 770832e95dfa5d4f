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

namespace muster::cli {

/// One drill.
struct DrillTimes {
  std::string title, why, owner;
  Duration longest{};  ///< `max_duration`, or an hour.
  schedule::Timetable table;
  schedule::Freezes freezes;
};

/// All of them, in the order of their files; those of `drill` alone when it is not empty. Checks
/// the zones against libc. Prints what is wrong to stderr, and gives nothing then.
std::optional<std::vector<DrillTimes>> load_drill_times(const std::filesystem::path& workspace,
                                                        const std::string& drill);

/// The runs that tested something, by drill, in their order.
using TestsByDrill = std::map<std::string, std::vector<schedule::Tested>, std::less<>>;
/// PASS, FAIL and INCONCLUSIVE are tests; a pass that left something behind is no pass.
TestsByDrill tests_of(const std::vector<RunRow>& runs);
/// Of a workspace that has no record yet: none.
Result<TestsByDrill> load_tests(const std::filesystem::path& workspace);

}  // namespace muster::cli
