// `muster schedule ics`: the feed, and the file that remembers what was published.
#pragma once
#include <filesystem>
#include <string>
#include <vector>

#include "cli/timetables.hpp"

namespace muster::cli {

/// Into `file`, replaced as a whole, with what it holds as the earlier one; printed when it is
/// empty. The exit code.
int write_feed(const std::vector<DrillTimes>& drills, const std::filesystem::path& workspace,
               const std::string& file, Duration ahead, WallTime now);

}  // namespace muster::cli
