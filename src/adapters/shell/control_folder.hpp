// The folder of ssh's control sockets: one of our own in /tmp, that says whose it is, so that the
// next Muster can remove what one left that was killed.
#pragma once
#include <filesystem>
#include <string>

#include "base/result.hpp"

namespace muster::shell {

/// Makes /tmp/muster-ssh-XXXXXX (0700), with its owner inside: this process, by PID, start time and
/// boot. `within`: another folder than /tmp, for tests.
Result<std::string> make_control_folder(const std::filesystem::path& within = "/tmp");

/// Removes those of this user whose owner is dead. One that names no owner is left alone, and so is
/// whatever is no folder of this user's own. What cannot be removed is nobody's business.
void remove_dead_control_folders(const std::filesystem::path& within = "/tmp");

}  // namespace muster::shell
