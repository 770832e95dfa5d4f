#include "adapters/http/peer.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <pwd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <cstring>
#include <vector>

#include "adapters/http/socket_file.hpp"

namespace muster::http {
namespace {

/// The file "loginuid" in the /proc folder of a process.
std::optional<std::uint32_t> login_uid_in(int folder) {
  const Fd file{openat(folder, "loginuid", O_RDONLY | O_CLOEXEC)};
  char text[16];
  const auto size = file.good() ? read(file.get(), text, sizeof text) : -1;
  std::uint32_t uid = ~0u;
  if (size <= 0 || std::from_chars(text, text + size, uid).ec != std::errc{}) return std::nullopt;
  // All ones: nobody logged in (a daemon, a container).
  return uid == ~0u ? std::nullopt : std::optional{uid};
}

}  // namespace

Result<Peer> peer_of(int fd) {
  ucred who{};
  socklen_t size = sizeof who;
  if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &who, &size) != 0)
    return Error{fmt::format("the kernel does not say who is connected: {}", std::strerror(errno))};
  Peer peer{who.uid, who.pid, std::nullopt};
  if (who.pid <= 0) return peer;
  const Fd folder{open(fmt::format("/proc/{}", who.pid).c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC)};
  struct stat owner {};
  // The pid may be another process's by now: one of another user's says nothing about the peer.
  if (folder.good() && fstat(folder.get(), &owner) == 0 && owner.st_uid == who.uid)
    peer.login_uid = login_uid_in(folder.get());
  return peer;
}

std::optional<std::uint32_t> own_login_uid() {
  const Fd folder{open("/proc/self", O_PATH | O_DIRECTORY | O_CLOEXEC)};
  return folder.good() ? login_uid_in(folder.get()) : std::nullopt;
}

std::string user_name(std::uint32_t uid) {
  std::vector<char> buffer(16 << 10);
  passwd entry{};
  passwd* found = nullptr;
  if (getpwuid_r(uid, &entry, buffer.data(), buffer.size(), &found) == 0 && found)
    return found->pw_name;
  return std::to_string(uid);
}

}  // namespace muster::http
