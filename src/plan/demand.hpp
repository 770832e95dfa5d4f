// What the policy demands of a plan: it is part of the plan, so of its hash and of the record.
// Whether it is met is plan/consent.hpp's question.
#pragma once
#include <string>
#include <vector>

#include "base/json.hpp"
#include "base/time.hpp"

namespace muster::plan {

/// Of one environment of which the drill touches a host. With several, each demands its own: the
/// strictest of all is all of them.
struct Demand {
  std::string environment;  // production | staging | lab
  unsigned need = 0;        // so many people must have approved the plan; 0: nobody
  std::vector<std::string> from;
  Duration valid{};  // the longest that an approval is good for
  bool signed_key = false;
  bool witness = false;
  std::vector<std::string> deny;  // globs over names of faults and restore providers
};

Json to_json(const Demand& demand);
/// Throws what nlohmann throws.
Demand demand_from_json(const Json& json);

/// Whether a glob (POSIX, fnmatch) of `deny` fits the name; which one, or "".
std::string denied_by(const Demand& demand, const std::string& name);

}  // namespace muster::plan
