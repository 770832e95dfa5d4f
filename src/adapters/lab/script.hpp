// Runs a command on this machine, hands its lines to somebody, and can be interrupted.
#pragma once
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace muster::lab {

/// How a command ended that could be started.
struct Ended {
  int exit_code = 0;         ///< 128 + the signal's number when one ended it.
  bool interrupted = false;  ///< By SIGINT or SIGTERM to us, which it was told of.
  std::string complaint;     ///< The end of what it wrote to stderr.
};

/// Blocks until the command (argv[0] an absolute path) has ended and closed its stdout. `on_line`
/// gets its stdout line by line, at most kLineBytesMax of each. It has no stdin, and a process
/// group of its own, which is terminated when we are asked to end meanwhile.
inline constexpr std::size_t kLineBytesMax = 4096;
Result<Ended> run_command(const std::vector<std::string>& argv,
                          const std::function<void(std::string_view)>& on_line);

}  // namespace muster::lab
