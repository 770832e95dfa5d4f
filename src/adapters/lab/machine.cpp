#include "adapters/lab/machine.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include <array>
#include <filesystem>
#include <set>
#include <utility>
#include <vector>

#include "adapters/lab/state.hpp"
#include "base/text.hpp"

namespace muster::lab {
namespace {

// The tool, and the package that brings it.
constexpr std::array<std::pair<const char*, const char*>, 9> kTools{{
    {"mmdebstrap", "mmdebstrap"},
    {"ssh", "openssh-client"},
    {"ssh-keygen", "openssh-client"},
    {"ip", "iproute2"},
    {"unshare", "util-linux"},
    {"flock", "util-linux"},
    {"losetup", "mount"},
    {"mkfs.ext4", "e2fsprogs"},
    {"tar", "tar"},
}};

bool is_installed(const char* tool) {
  constexpr std::array kFolders{"/usr/local/sbin/", "/usr/local/bin/", "/usr/sbin/",
                                "/usr/bin/",        "/sbin/",          "/bin/"};
  for (const char* folder : kFolders) {
    if (::access((std::string{folder} + tool).c_str(), X_OK) == 0) return true;
  }
  return false;
}

}  // namespace

Result<void> need_root(std::string_view command) {
  if (::geteuid() == 0) return {};
  return Error{
      "the lab makes namespaces, mounts and an interface on this machine, which needs root",
      fmt::format("sudo muster lab {}", command)};
}

Result<void> need_tools() {
  std::set<std::string> packages;
  for (const auto& [tool, package] : kTools) {
    if (!is_installed(tool)) packages.insert(package);
  }
  if (packages.empty()) return {};
  const std::vector<std::string> names{packages.begin(), packages.end()};
  return Error{"the lab needs tools that are not installed",
               "apt-get install " + joined(names, " ")};
}

Result<Lock> Lock::take() {
  std::error_code failed;
  std::filesystem::create_directories(root_folder(), failed);
  const int file = ::open(root_folder().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (file < 0) return Error{fmt::format("{} could not be opened", root_folder().string())};
  Lock lock{file};
  if (::flock(file, LOCK_EX | LOCK_NB) != 0) {
    return Error{"another muster lab command is at work on this machine", "wait for it, or end it"};
  }
  return lock;
}

Lock::~Lock() {
  if (file_ >= 0) ::close(file_);
}

}  // namespace muster::lab
