// A process of the test's own, to be hurt by faults.
#pragma once
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <functional>
#include <string>

#include "tests/adapters_shell/host.hpp"

namespace muster::test {

/// Until it is so; false when that has not come within half a minute, on a machine that is busy.
inline bool await(const std::function<bool()>& is_so) {
  for (int i = 0; i < 3000; ++i) {
    if (is_so()) return true;
    ::usleep(10'000);
  }
  return false;
}

/// Until the command line of a process that was just forked holds `part`. Its name is there a
/// moment earlier, and in between it looks like a thread of the kernel.
inline bool await_command(pid_t pid, const std::string& part) {
  const auto file = "/proc/" + std::to_string(pid) + "/cmdline";
  return await([&] { return read_file(file).find(part) != std::string::npos; });
}

/// Sleeps; its command line holds `mark`. With `deaf` it ignores SIGTERM. It is there once it is
/// made.
class Sleeper {
 public:
  explicit Sleeper(const std::string& mark, bool deaf = false) : pid_{::fork()} {
    if (pid_ == 0) {
      const char* script =
          deaf ? "trap '' TERM; while :; do sleep 1; done" : "while :; do sleep 1; done";
      ::execlp("sh", "sh", "-c", script, mark.c_str(), nullptr);
      ::_exit(127);
    }
    await_command(pid_, mark);
    if (deaf) await([&] { return ignores_term(); });
  }
  Sleeper(const Sleeper&) = delete;
  Sleeper& operator=(const Sleeper&) = delete;
  ~Sleeper() { end(); }
  void end() {
    if (pid_ <= 0) return;
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
    pid_ = 0;
  }
  int pid() const { return pid_; }

 private:
  bool ignores_term() const {
    const auto status = read_file("/proc/" + std::to_string(pid_) + "/status");
    const auto at = status.find("SigIgn:\t");
    return at != status.npos &&
           (std::stoull(status.substr(at + 8, 16), nullptr, 16) >> (SIGTERM - 1) & 1) != 0;
  }

  pid_t pid_;
};

}  // namespace muster::test
