#include "adapters/shell/control_folder.hpp"

#include <fmt/format.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>
#include <iterator>

#include "base/text.hpp"

namespace muster::shell {
namespace {

namespace fs = std::filesystem;

constexpr const char* kName = "muster-ssh-";
constexpr const char* kOwner = "owner";
constexpr std::size_t kFoldersMax = 1000;  // looked at; /tmp may hold anything

std::string read(const fs::path& path) {
  std::ifstream file{path, std::ios::binary};
  std::string text(4096, '\0');
  file.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(std::max<std::streamsize>(file.gcount(), 0)));
  return text;
}

/// "PID START BOOT" of a process that is there; "" when it is gone. The name in the second field of
/// its stat may hold blanks and brackets: what counts follows the last ") ", and START is the 20th
/// word of that.
std::string identity(const std::string& pid) {
  const auto stat = read(fs::path{"/proc"} / pid / "stat");
  const auto name_ends = stat.rfind(") ");
  if (name_ends == std::string::npos) return {};
  const auto words = split(stat.substr(name_ends + 2), ' ');
  if (words.size() < 20 || words[0] == "Z") return {};
  return fmt::format("{} {} {}", pid, words[19], trimmed(read("/proc/sys/kernel/random/boot_id")));
}

bool is_ours(const fs::path& folder) {
  struct stat is {};
  return ::lstat(folder.c_str(), &is) == 0 && S_ISDIR(is.st_mode) && is.st_uid == ::geteuid();
}

bool is_dead(const std::string& owner) {
  const auto pid = owner.substr(0, owner.find(' '));
  if (pid.empty() || pid.find_first_not_of("0123456789") != std::string::npos) return false;
  return identity(pid) != owner;
}

}  // namespace

Result<std::string> make_control_folder(const fs::path& within) {
  std::string name = (within / kName).string() + "XXXXXX";
  if (::mkdtemp(name.data()) == nullptr)
    return Error{"no folder for ssh's control sockets can be made in " + within.string(), ""};
  std::ofstream{fs::path{name} / kOwner} << identity(std::to_string(::getpid())) << "\n";
  return name;
}

void remove_dead_control_folders(const fs::path& within) {
  std::error_code ec;
  std::size_t seen = 0;
  std::vector<fs::path> dead;
  for (fs::directory_iterator it{within, ec}, end; !ec && it != end; it.increment(ec)) {
    if (!it->path().filename().string().starts_with(kName)) continue;
    if (++seen > kFoldersMax) break;
    if (is_ours(it->path()) && is_dead(std::string{trimmed(read(it->path() / kOwner))}))
      dead.push_back(it->path());
  }
  for (const auto& folder : dead) fs::remove_all(folder, ec);
}

}  // namespace muster::shell
