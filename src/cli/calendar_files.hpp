// Reads the files of calendars (inventory/calendars.yaml) for schedule/freeze.hpp.
#pragma once
#include <filesystem>
#include <span>
#include <vector>

#include "model/calendars.hpp"
#include "schedule/freeze.hpp"

namespace muster::cli {

/// Blocking reads of regular files of bounded size. What cannot be read says why, and counts as
/// frozen.
std::vector<schedule::CalendarFile> read_calendar_files(const std::filesystem::path& workspace,
                                                        std::span<const model::Calendar> calendars);

}  // namespace muster::cli
