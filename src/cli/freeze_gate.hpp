// Whether a freeze stops a run before it begins (reference: measurement, NOT_RUN).
#pragma once
#include <filesystem>
#include <string>

namespace muster::cli {

/// kOk: no calendar that binds the drill is frozen now. Else it has been told on stderr, and this
/// is the exit code: kNotRun, or kUsage when the drill's times cannot be understood. Blocking
/// reads; call it while there is one thread.
int stopped_by_freeze(const std::filesystem::path& workspace, const std::string& drill);

}  // namespace muster::cli
