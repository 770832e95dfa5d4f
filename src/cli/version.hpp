#pragma once

namespace muster::cli {

/// Of CMakeLists.txt's project().
inline constexpr const char* kVersion = MUSTER_VERSION;

}  // namespace muster::cli
