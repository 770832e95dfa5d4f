// Reads the value of one secret from where it is kept. Blocking: before a run begins.
#pragma once
#include <string>

#include "base/result.hpp"
#include "base/secret.hpp"
#include "base/time.hpp"

namespace muster::secrets {

struct Limits {
  static constexpr std::size_t kBytesMax = 64u << 10;
  /// What is shorter could not be taken out of evidence without tearing it apart.
  static constexpr std::size_t kBytesMin = 6;
  static constexpr Duration kCommandWithin = std::chrono::seconds{30};
};

/// All of it minus one newline at its end. No control characters but newline and tab.
/// `env`: the variable is overwritten and taken out of our environment, so that no child and no
/// /proc/PID/environ has it; a second read finds nothing. `file`, `credential`: a regular file that
/// not everybody may read. `command`: without a shell, in a process group of its own, with our
/// environment and no stdin, at most `within`.
Result<std::string> read_source(const SecretSource& source,
                                Duration within = Limits::kCommandWithin);

}  // namespace muster::secrets
