// A process of the test's own, to be hurt by faults.
#pragma once
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <string>

namespace muster::test {

/// Sleeps; its command line holds `mark`. With `deaf` it ignores SIGTERM.
class Sleeper {
 public:
  explicit Sleeper(const std::string& mark, bool deaf = false) : pid_{::fork()} {
    if (pid_ == 0) {
      const char* script =
          deaf ? "trap '' TERM; while :; do sleep 1; done" : "while :; do sleep 1; done";
      ::execlp("sh", "sh", "-c", script, mark.c_str(), nullptr);
      ::_exit(127);
    }
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
  pid_t pid_;
};

}  // namespace muster::test
