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
  // Another machine's muster is asked, and no workspace of this one:
  std::string server;      // --server; empty: none
  std::string token_file;  // --token-file
  std::string ca_file;     // --ca; empty: the system's authorities
};

/// The folder that holds drills/ and inventory/: the given one, else the nearest above. An error
/// with --server: what needs the workspace's files asks no other machine.
Result<std::filesystem::path> find_workspace(const Where& where);
/// The same for what only reads the record (Session::open_to_read): empty with --server.
Result<std::filesystem::path> find_record(const Where& where);

/// The path of the running binary: `${muster}` in power commands.
std::string own_path();

/// Loads and compiles; prints all diagnostics to stderr when there are any, and then gives nothing.
std::optional<plan::Plan> load_plan(const std::filesystem::path& workspace,
                                    const std::string& drill);

}  // namespace muster::cli
