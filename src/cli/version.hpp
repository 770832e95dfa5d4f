#pragma once

namespace muster::cli {

/// Of CMakeLists.txt's project().
inline constexpr const char* kVersion = MUSTER_VERSION;
/// The day of that version, YYYY-MM-DD: of the release, so that the same sources make the same
/// pages.
inline constexpr const char* kReleased = MUSTER_RELEASED;

}  // namespace muster::cli
