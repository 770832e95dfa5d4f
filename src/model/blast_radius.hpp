// `at_most`: how many hosts may be hit or down at once. Of a drill's guardrails and of a policy.
// Values and their reader; which hosts are counted, and how many that makes, says plan/.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "model/shapes.hpp"
#include "model/text.hpp"

namespace muster::model {

/// `2`, or `25%` of those that are counted. Exactly one of the two is above zero.
struct Amount {
  int count = 0;
  double share = 0;  ///< At most 1.
};
/// "2", "25%"
std::string to_string(const Amount& amount);
/// An error tells what was expected.
Result<Amount> parse_amount(std::string_view text);

/// `1`, `25%`, `1 per zone`; by name: `web: 25%`.
struct AtMost {
  enum class Per {
    all,   ///< Of all that are counted together.
    zone,  ///< Of those of each muster_zone; those without one are a zone of their own.
    group  ///< Of those of each group of the inventory, but for `all` and `ungrouped`.
  };
  Place place;
  /// A host, a group, or a pattern; nothing: the hosts of the drill's targets.
  std::optional<Located<std::string>> of;
  std::string name;  ///< The key that it stands at; "" without one.
  Amount amount;
  Per per = Per::all;
};
/// "25% per zone", as a file would have it.
std::string to_string(const AtMost& at_most);

/// What stands at the key `at_most`: one value, or some by the names of groups.
config::Type at_most_type();
std::vector<AtMost> read_at_most(const config::Node& node, Diagnostics& out);

/// Of entries by name in `at_most` and `keep`: the group or host that the key names.
Located<std::string> named_hosts(const config::Entry& entry, Diagnostics& out);

}  // namespace muster::model
