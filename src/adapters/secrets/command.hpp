// What a command on the controller prints: `pass show …`, `vault kv get …`.
#pragma once
#include <string>
#include <vector>

#include "base/result.hpp"
#include "base/time.hpp"

namespace muster::secrets {

/// Its stdout (one byte above the limit of a secret at most), when it exits 0 within the time; else
/// its whole group is killed. An error holds its stderr, without any line of its stdout.
Result<std::string> from_command(const std::vector<std::string>& argv, Duration within);

}  // namespace muster::secrets
