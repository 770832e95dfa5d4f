// Where a workspace's record lives: never inside the workspace, where `git clean` would take it.
#pragma once
#include <filesystem>
#include <string>

#include "base/result.hpp"

namespace muster::sqlite {

/// What of the process decides it.
struct Surroundings {
  bool root = false;         ///< effective uid 0
  std::string muster_state;  ///< $MUSTER_STATE: overrides
  std::string
      xdg_state_home;  ///< $XDG_STATE_HOME: ignored unless absolute (the XDG specification's rule)
  std::string home;    ///< $HOME
};
Surroundings surroundings();

/// $MUSTER_STATE, else /var/lib/muster for root, else $XDG_STATE_HOME/muster, else
/// ~/.local/state/muster; then <name>-<12 hex digits of SHA-256 over the real path>. Pure but for
/// resolving `workspace`, which must exist; makes nothing.
Result<std::filesystem::path> state_folder(const std::filesystem::path& workspace,
                                           const Surroundings& s);

/// Makes the folder and its missing parents, 0700. An error when it exists but belongs to another
/// user or is no folder: a record that others can write proves nothing.
Result<void> make_private_folder(const std::filesystem::path& folder);

}  // namespace muster::sqlite
