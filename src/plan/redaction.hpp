// A plan without somebody's name: for a record that must forget them (GDPR, article 17). It is
// another plan, with another hash; what it would have done is all in it. Pure.
#pragma once
#include <string>
#include <utility>
#include <vector>

#include "base/json.hpp"
#include "base/result.hpp"

namespace muster::plan {

/// What a person is called, and what stands there instead; the longest first.
using Instead = std::vector<std::pair<std::string, std::string>>;

/// `plan`: as to_json makes it. Names of hosts, services, slots, roles and the like stay: other
/// entries refer to them; scripts too, since they are known by their hash. An error: what comes out
/// of it is no plan.
Result<Json> redacted(const Json& plan, const std::string& person, const Instead& instead);

}  // namespace muster::plan
