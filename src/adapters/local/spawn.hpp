// Starts a program on the controller, for the adapters that wait for one in a thread of their own:
// a secret's command, a notice's, ssh-keygen. Nothing of Muster is left open in it, and no signal
// blocked. What goes with the event loop is started by Boost.Process instead.
#pragma once
#include <sys/types.h>

#include <string>
#include <utility>
#include <vector>

namespace muster::local {

struct Program {
  std::vector<std::string> argv;  ///< argv[0] is looked for in the PATH
  /// Our descriptor, and the number under which it gets it. Without a 0 it reads /dev/null; 1 and 2
  /// that are not named are Muster's own.
  std::vector<std::pair<int, int>> files;
  /// false: it stays in our process group, and may read from the terminal. true: a group of its
  /// own, so that all that it starts can be ended with it (`kill(-pid)`).
  bool own_group = true;
};

/// 0 and its number, which the caller waits for; or what errno says.
int spawn(const Program& program, pid_t& pid);

}  // namespace muster::local
