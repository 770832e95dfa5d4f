// The seed of surprise times (schedule/window.hpp): a file of the state folder, made once.
#pragma once
#include <filesystem>
#include <string>

#include "base/result.hpp"

namespace muster::cli {

/// 32 random bytes as hex, from `schedule.seed` (0600), which is made when it is not there. Secret:
/// who has it knows every coming surprise. Its SHA-256 stands in server.started.
Result<std::string> schedule_seed(const std::filesystem::path& state_folder);

}  // namespace muster::cli
