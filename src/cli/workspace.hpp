// Where the workspace is, and a drill of it made into a plan.
#pragma once
#include <filesystem>
#include <optional>
#include <string>

#include "base/result.hpp"
#include "plan/plan.hpp"

namespace muster::cli {

struct Where {
  std::string workspace;  // --workspace; empty: found from the current folder upwards
};

/// The folder that holds drills/ and inventory/: the given one, else the nearest above.
Result<std::filesystem::path> find_workspace(const Where& where);

/// The path of the running binary: `${muster}` in power commands.
std::string own_path();

/// Loads and compiles; prints all diagnostics to stderr when there are any, and then gives nothing.
std::optional<plan::Plan> load_plan(const std::filesystem::path& workspace,
                                    const std::string& drill);

}  // namespace muster::cli
