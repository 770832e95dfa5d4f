#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <cstring>

#include "adapters/delivery/ways.hpp"
#include "adapters/local/memory_file.hpp"
#include "adapters/local/spawn.hpp"
#include "base/text.hpp"

namespace muster::delivery {
namespace {

constexpr std::size_t kOutputBytesMax = 4096;
constexpr int kPollMs = 100;  // how soon a stop is seen

/// Closed when it goes.
struct File {
  int fd = -1;
  ~File() { close(); }
  void close() {
    if (fd >= 0) ::close(fd);
    fd = -1;
  }
};

/// What is there; false at the end of the stream.
bool take(int fd, std::string& into) {
  std::array<char, 4096> bytes;
  for (;;) {
    const auto n = ::read(fd, bytes.data(), bytes.size());
    if (n <= 0) return n < 0 && (errno == EINTR || errno == EAGAIN);
    into.append(bytes.data(), std::min(static_cast<std::size_t>(n), kOutputBytesMax - into.size()));
    if (static_cast<std::size_t>(n) < bytes.size()) return true;
  }
}

std::string ended(int status) {
  return WIFEXITED(status) ? fmt::format("exit {}", WEXITSTATUS(status))
                           : fmt::format("signal {}", WTERMSIG(status));
}

}  // namespace

ports::Told command(const ports::LocalCommand& command, const Bounds& bounds) {
  using Clock = std::chrono::steady_clock;
  const auto end = Clock::now() + bounds.within;
  const local::MemoryFile input{command.input};
  File out_read, out_write;
  std::array<int, 2> ends{-1, -1};
  if (!input.good() || ::pipe2(ends.data(), O_CLOEXEC) != 0)
    return {false, fmt::format("it cannot be started: {}", std::strerror(errno))};
  ::fcntl(ends[0], F_SETFL, O_NONBLOCK);
  out_read.fd = ends[0];
  out_write.fd = ends[1];
  pid_t pid = 0;
  const local::Program program{command.argv,
                               {{input.fd(), 0}, {out_write.fd, 1}, {out_write.fd, 2}}};
  if (const int wrong = local::spawn(program, pid); wrong != 0)
    return {false, fmt::format("{} cannot be run: {}", shell_quoted(command.argv.front()),
                               std::strerror(wrong))};
  out_write.close();
  std::string said;
  int status = 0;
  bool over = false, in_time = true;
  while (!over && in_time) {
    pollfd ready{out_read.fd, POLLIN, 0};  // closed: poll passes over it and only waits
    ::poll(&ready, 1, kPollMs);
    if (ready.revents != 0 && !take(out_read.fd, said)) out_read.close();
    over = ::waitpid(pid, &status, WNOHANG) != 0;
    in_time = Clock::now() < end && !bounds.stop;
  }
  if (out_read.fd >= 0) take(out_read.fd, said);  // said between the last look and its end
  // Also what it left running behind itself: a notice that was told is over.
  ::kill(-pid, SIGKILL);
  if (!over) {
    ::waitpid(pid, &status, 0);
    return {false, bounds.stop ? "Muster ended before it was over"
                               : fmt::format("it was not over within {} and was killed: {}",
                                             format_duration(bounds.within), said)};
  }
  const bool good = WIFEXITED(status) && WEXITSTATUS(status) == 0;
  return {good, fmt::format("{}{}{}", ended(status), said.empty() ? "" : ": ", said)};
}

}  // namespace muster::delivery
