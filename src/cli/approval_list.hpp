// `muster approve --list`: of each drill whose policy demands approvals, what there is and what is
// missing.
#pragma once
#include <filesystem>
#include <string>

namespace muster::cli {

/// `drill`: of that one only; "" for all. The exit code.
int list_approvals(const std::filesystem::path& workspace, const std::string& drill, bool json);

}  // namespace muster::cli
