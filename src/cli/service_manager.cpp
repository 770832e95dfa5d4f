#include "cli/service_manager.hpp"

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <charconv>
#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <string>

namespace muster::cli {

void tell_service_manager(std::string_view lines) {
  const char* path = std::getenv("NOTIFY_SOCKET");
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (!path || (*path != '/' && *path != '@')) return;
  const std::size_t length = std::strlen(path);
  if (length >= sizeof address.sun_path) return;
  std::memcpy(address.sun_path, path, length);
  if (*path == '@') address.sun_path[0] = '\0';  // an abstract one
  const int socket = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (socket < 0) return;
  const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + length);
  (void)::sendto(socket, lines.data(), lines.size(), MSG_NOSIGNAL,
                 reinterpret_cast<const sockaddr*>(&address), size);
  ::close(socket);
}

std::optional<Duration> watchdog_interval() {
  const auto number = [](const char* name) -> std::optional<long> {
    const char* text = std::getenv(name);
    long value = 0;
    if (!text || std::from_chars(text, text + std::strlen(text), value).ec != std::errc{})
      return std::nullopt;
    return value;
  };
  if (const auto pid = number("WATCHDOG_PID"); pid && *pid != ::getpid()) return std::nullopt;
  const auto usec = number("WATCHDOG_USEC");
  if (!usec || *usec <= 0) return std::nullopt;
  return std::chrono::microseconds{*usec};
}

}  // namespace muster::cli
