// The names of logs: one for each run, and the workspace's, which knows when runs opened and
// closed.
#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "ports/store.hpp"

namespace muster::journal {

inline const ports::LogId kWorkspaceLog = "workspace";

inline ports::LogId run_log(std::string_view run) {
  return "run/" + std::string{run};
}

/// The run whose log this is; nullopt for the workspace log.
inline std::optional<std::string> run_of(const ports::LogId& log) {
  if (!log.starts_with("run/")) return std::nullopt;
  return log.substr(4);
}

}  // namespace muster::journal
