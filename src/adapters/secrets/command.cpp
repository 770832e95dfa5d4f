#include "adapters/secrets/command.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <cstring>
#include <optional>

#include "adapters/local/spawn.hpp"
#include "adapters/secrets/held.hpp"
#include "adapters/secrets/source.hpp"
#include "base/text.hpp"

namespace muster::secrets {
namespace {

constexpr std::size_t kStderrBytesMax = 4096;

struct Pipe {
  std::array<int, 2> ends{-1, -1};
  Pipe() {
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) ends = {-1, -1};
  }
  ~Pipe() {
    close_end(0);
    close_end(1);
  }
  Pipe(const Pipe&) = delete;
  Pipe& operator=(const Pipe&) = delete;
  void close_end(std::size_t which) {
    if (ends[which] >= 0) ::close(ends[which]);
    ends[which] = -1;
  }
  bool open() const { return ends[0] >= 0; }
};

/// False at the end of the stream. What is above the limit is read and dropped.
bool take(int fd, std::string& into, std::size_t bytes_max) {
  std::array<char, 4096> bytes;
  const auto n = ::read(fd, bytes.data(), bytes.size());
  if (n < 0) return errno == EINTR;
  into.append(bytes.data(), std::min(static_cast<std::size_t>(n), bytes_max - into.size()));
  return n > 0;
}

/// What it said on stderr, for people: a line that is also on stdout may be the secret.
std::string told(std::string_view err, std::string_view out) {
  std::string text = printable(trimmed(err));
  for (const auto& line : split(out, '\n'))
    for (std::size_t at; line.size() >= Limits::kBytesMin &&
                         (at = text.find(printable(line))) != std::string::npos;)
      text.replace(at, printable(line).size(), "[…]");
  return bounded(text, 500);
}

}  // namespace

Result<std::string> from_command(const std::vector<std::string>& argv, Duration within) {
  using Clock = std::chrono::steady_clock;
  const auto end = Clock::now() + within;
  Pipe out, err;
  pid_t pid = 0;
  if (!out.open() || !err.open()) return Error{"no pipe can be made"};
  if (const int wrong = local::spawn({argv, {{out.ends[1], 1}, {err.ends[1], 2}}}, pid); wrong != 0)
    return Error{
        fmt::format("{} cannot be run: {}", shell_quoted(argv.front()), std::strerror(wrong)),
        "is it installed, and in the PATH of Muster?"};
  out.close_end(1);
  err.close_end(1);
  std::string said, complaint;
  // Exactly once it is known that a byte more than fits was said, the rest does not matter.
  said.reserve(Limits::kBytesMax + 2);
  bool in_time = true;
  while (in_time && (out.open() || err.open())) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(end - Clock::now());
    std::array<pollfd, 2> ready{{{out.ends[0], POLLIN, 0}, {err.ends[0], POLLIN, 0}}};
    in_time = left.count() > 0 && ::poll(ready.data(), 2, static_cast<int>(left.count())) != 0;
    if (ready[0].revents != 0 && !take(out.ends[0], said, Limits::kBytesMax + 2)) out.close_end(0);
    if (ready[1].revents != 0 && !take(err.ends[0], complaint, kStderrBytesMax)) err.close_end(0);
  }
  int status = 0;
  // Both streams are closed, yet it may go on: as long as the time lasts.
  while (in_time && ::waitpid(pid, &status, WNOHANG) == 0) {
    in_time = Clock::now() < end;
    ::poll(nullptr, 0, 5);
  }
  if (!in_time) {
    ::kill(-pid, SIGKILL);
    ::waitpid(pid, &status, 0);
    forget(said);
    return Error{
        fmt::format("{} was not over within {}", shell_quoted(argv), format_duration(within)),
        "does it wait for somebody at a terminal? Unlock the store before"};
  }
  if (WIFEXITED(status) && WEXITSTATUS(status) == 0) return said;
  const auto why = told(complaint, said);
  forget(said);
  return Error{fmt::format("{} ended with {}{}{}", shell_quoted(argv),
                           WIFEXITED(status) ? fmt::format("status {}", WEXITSTATUS(status))
                                             : fmt::format("signal {}", WTERMSIG(status)),
                           why.empty() ? "" : ": ", why),
               "try it by hand, as the user that runs Muster"};
}

}  // namespace muster::secrets
