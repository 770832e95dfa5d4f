// Names of hosts as inventories write them: `web[01:10:2].example:2222`. Private to model/.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace muster::model {

inline constexpr std::size_t kHostsMax = 10'000;

struct HostNames {
  std::vector<std::string> names;
  std::optional<std::string> port;  ///< Digits; nothing: none was written.
};

/// All ranges expanded, the first one slowest, as Ansible does; at most kHostsMax names.
Result<HostNames> expand_hosts(std::string_view written);

}  // namespace muster::model
