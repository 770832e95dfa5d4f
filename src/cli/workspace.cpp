#include "cli/workspace.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include "model/workspace.hpp"
#include "plan/compile.hpp"

namespace muster::cli {

namespace fs = std::filesystem;

Result<fs::path> find_record(const Where& where) {
  return where.server.empty() ? find_workspace(where) : fs::path{};
}

Result<fs::path> find_workspace(const Where& where) {
  if (!where.server.empty())
    return Error{"this works on a workspace of this machine, not with --server",
                 "runs, show, step, abort, audit and schedule can be asked of another machine"};
  std::error_code ec;
  const auto is_one = [&](const fs::path& p) {
    return fs::is_directory(p / "drills", ec) && fs::is_directory(p / "inventory", ec);
  };
  if (!where.workspace.empty()) {
    // Named in so many words, a folder with hosts will do: they can be looked at before there is a
    // drill.
    const fs::path given = fs::canonical(where.workspace, ec);
    if (ec || !fs::is_directory(given / "inventory", ec))
      return Error{fmt::format("{} is not a workspace", where.workspace),
                   "a workspace is a folder with drills/ and inventory/"};
    return given;
  }
  for (fs::path at = fs::current_path(ec); !ec; at = at.parent_path()) {
    if (is_one(at)) return fs::canonical(at);
    if (at == at.parent_path()) break;
  }
  return Error{"there is no workspace here or above",
               "go to a folder with drills/ and inventory/, or name it with --workspace DIR"};
}

std::string own_path() {
  std::error_code ec;
  const auto path = fs::read_symlink("/proc/self/exe", ec);
  return ec ? "muster" : path.string();
}

std::optional<plan::Plan> load_plan(const fs::path& workspace, const std::string& drill) {
  config::Diagnostics diagnostics;
  const auto loaded = model::load_drill(workspace, drill, diagnostics);
  std::optional<plan::Plan> plan;
  if (loaded && diagnostics.empty())
    plan = plan::compile(*loaded, {own_path(), geteuid() == 0}, diagnostics);
  if (diagnostics.empty()) return plan;
  fmt::print(stderr, "{}", config::render(diagnostics));
  fmt::print(stderr, "muster: {} error{} in the workspace's files; nothing was done\n",
             diagnostics.count(), diagnostics.count() == 1 ? "" : "s");
  return std::nullopt;
}

}  // namespace muster::cli
