// The hosts of the inventory that a command names by a pattern, resolved, and the secrets that
// reaching them may need. For commands that ask hosts without a drill.
#pragma once
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "base/secret.hpp"
#include "ports/shell.hpp"

namespace muster::cli {

struct WantedHosts {
  std::vector<ports::HostAddress> hosts;
  std::map<std::string, SecretSource> secrets;
  std::vector<std::string> passed_over;  ///< protected: nothing of Muster's can be there
};

/// Prints the inventory's errors, when it has some. An error too: a pattern that fits nothing, a
/// host that cannot be reached as it is written, a secret that is none.
Result<WantedHosts> wanted_hosts(const std::filesystem::path& workspace,
                                 const std::string& pattern);

}  // namespace muster::cli
