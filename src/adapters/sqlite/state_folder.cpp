#include "adapters/sqlite/state_folder.hpp"

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>

#include "base/digest.hpp"

namespace muster::sqlite {
namespace {

namespace fs = std::filesystem;

std::string environment(const char* name) {
  const char* value = std::getenv(name);
  return value ? value : "";
}

Result<fs::path> base_folder(const Surroundings& s) {
  if (!s.muster_state.empty()) {
    if (s.muster_state[0] != '/')
      return Error{fmt::format("MUSTER_STATE is '{}', expected an absolute path", s.muster_state)};
    return fs::path{s.muster_state};
  }
  if (s.root) return fs::path{"/var/lib/muster"};
  if (!s.xdg_state_home.empty() && s.xdg_state_home[0] == '/')
    return fs::path{s.xdg_state_home} / "muster";
  if (!s.home.empty() && s.home[0] == '/') return fs::path{s.home} / ".local/state/muster";
  return Error{"there is no place for the record: HOME is not set", "set MUSTER_STATE to a folder"};
}

/// Short and plain, since the folder's path is also that of a Unix socket (at most 107 bytes).
std::string readable_name(const fs::path& workspace) {
  std::string name;
  for (const char c : workspace.filename().string()) {
    const bool plain =
        (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
    name += plain ? c : '-';
    if (name.size() == 24) break;
  }
  return name.empty() ? "root" : name;
}

}  // namespace

Surroundings surroundings() {
  return Surroundings{geteuid() == 0, environment("MUSTER_STATE"), environment("XDG_STATE_HOME"),
                      environment("HOME")};
}

Result<fs::path> state_folder(const fs::path& workspace, const Surroundings& s) {
  std::error_code problem;
  const fs::path real = fs::canonical(workspace, problem);
  if (problem)
    return Error{
        fmt::format("the workspace '{}' is not there: {}", workspace.string(), problem.message())};
  const auto base = base_folder(s);
  if (!base) return base;
  return *base /
         fmt::format("{}-{}", readable_name(real), hex(sha256(real.string())).substr(0, 12));
}

Result<void> make_private_folder(const fs::path& folder) {
  fs::path so_far;
  for (const auto& part : folder) {
    so_far /= part;
    if (mkdir(so_far.c_str(), 0700) != 0 && errno != EEXIST && errno != EISDIR)
      return Error{
          fmt::format("the folder '{}' cannot be made: {}", so_far.string(), std::strerror(errno))};
  }
  struct stat is {};
  if (stat(folder.c_str(), &is) != 0)
    return Error{
        fmt::format("the folder '{}' cannot be read: {}", folder.string(), std::strerror(errno))};
  if (!S_ISDIR(is.st_mode)) return Error{fmt::format("'{}' is not a folder", folder.string())};
  if (is.st_uid != geteuid())
    return Error{fmt::format("the folder '{}' belongs to uid {}, not to uid {} who runs this",
                             folder.string(), is.st_uid, geteuid()),
                 "run as its owner, or choose another folder with MUSTER_STATE"};
  if ((is.st_mode & 077) != 0 && chmod(folder.c_str(), 0700) != 0)
    return Error{
        fmt::format("the folder '{}' is open to others and cannot be closed", folder.string())};
  return {};
}

}  // namespace muster::sqlite
