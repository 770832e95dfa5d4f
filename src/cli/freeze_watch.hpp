// Whether a drill may inject now, by the calendars that bind it: asked before it starts, and all
// through its run.
#pragma once
#include <filesystem>
#include <functional>
#include <string>

#include "schedule/timetable.hpp"

namespace muster::cli {

/// Reads the calendars each time that it is called (small files, bounded): "" when it may, else
/// what stands in the way ("changes: Year end, until …"). May be called on any one thread, and
/// outlives its arguments.
std::function<std::string()> freeze_watch(const std::filesystem::path& workspace,
                                          const schedule::Timetable& table);

}  // namespace muster::cli
