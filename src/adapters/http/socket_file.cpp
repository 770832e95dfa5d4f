#include "adapters/http/socket_file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace muster::http {
namespace {

constexpr int kFileBacklog = 16;

/// A socket's address holds 107 bytes of path. A longer one is reached through its folder, which
/// must stay open while the address is used.
struct Address {
  sockaddr_un un{};
  Fd folder;

  const sockaddr* get() const { return reinterpret_cast<const sockaddr*>(&un); }
};

Error failed(const std::filesystem::path& socket, const char* what, int error) {
  return Error{
      fmt::format("the socket '{}' cannot be {}: {}", socket.string(), what, std::strerror(error))};
}

Result<Address> address_of(const std::filesystem::path& socket) {
  Address address;
  address.un.sun_family = AF_UNIX;
  std::string path = socket.string();
  if (path.size() >= sizeof address.un.sun_path) {
    address.folder = Fd{open(socket.parent_path().c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC)};
    if (!address.folder.good()) return failed(socket, "reached", errno);
    path = fmt::format("/proc/self/fd/{}/{}", address.folder.get(), socket.filename().string());
  }
  if (path.size() >= sizeof address.un.sun_path) return failed(socket, "named", ENAMETOOLONG);
  std::memcpy(address.un.sun_path, path.data(), path.size());
  return address;
}

}  // namespace

Fd::~Fd() {
  if (fd_ >= 0) close(fd_);
}

Result<std::optional<Fd>> connect_to(const std::filesystem::path& socket) {
  struct stat there {};
  if (lstat(socket.c_str(), &there) != 0) {
    if (errno == ENOENT) return std::optional<Fd>{};
    return failed(socket, "reached", errno);
  }
  if (!S_ISSOCK(there.st_mode))
    return Error{fmt::format("'{}' is no socket", socket.string()), "move it away"};
  const auto address = address_of(socket);
  if (!address) return address.error();
  // Non-blocking: behind a full queue connect() would wait without end.
  Fd fd{::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)};
  if (!fd.good()) return failed(socket, "opened", errno);
  if (connect(fd.get(), address->get(), sizeof address->un) == 0)
    return std::optional<Fd>{std::move(fd)};
  if (errno == ECONNREFUSED || errno == ENOENT) return std::optional<Fd>{};
  if (errno == EAGAIN)
    return Error{"the muster that holds the store answers nobody: too many wait already",
                 "try again"};
  return failed(socket, "reached", errno);
}

Result<Fd> listen_on(const std::filesystem::path& socket) {
  const auto served = connect_to(socket);
  if (!served) return served.error();
  if (served->has_value())
    return Error{fmt::format("somebody serves on '{}' already", socket.string()),
                 "muster show tells what is under way"};
  if (unlink(socket.c_str()) != 0 && errno != ENOENT) return failed(socket, "replaced", errno);
  const auto address = address_of(socket);
  if (!address) return address.error();
  Fd fd{::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)};
  // The mode before the name: Linux gives it to the file that bind() makes, so there is no moment
  // at which others could connect. umask would be the whole process's.
  if (!fd.good() || fchmod(fd.get(), 0600) != 0) return failed(socket, "opened", errno);
  if (bind(fd.get(), address->get(), sizeof address->un) != 0 ||
      listen(fd.get(), kFileBacklog) != 0)
    return failed(socket, "served", errno);
  return fd;
}

}  // namespace muster::http
