#include "plan/demand.hpp"

#include <fnmatch.h>

namespace muster::plan {

Json to_json(const Demand& d) {
  Json j{{"environment", d.environment}, {"signed_key", d.signed_key}, {"witness", d.witness}};
  if (d.need > 0)
    j["approvals"] = {{"need", d.need}, {"from", d.from}, {"valid", format_duration(d.valid)}};
  if (!d.deny.empty()) j["deny"] = d.deny;
  return j;
}

Demand demand_from_json(const Json& j) {
  Demand d;
  d.environment = j.at("environment").get<std::string>();
  d.signed_key = j.at("signed_key").get<bool>();
  d.witness = j.at("witness").get<bool>();
  if (j.contains("approvals")) {
    const auto& a = j.at("approvals");
    d.need = a.at("need").get<unsigned>();
    d.from = a.at("from").get<std::vector<std::string>>();
    d.valid = parse_duration(a.at("valid").get<std::string>()).value();
  }
  if (j.contains("deny")) d.deny = j.at("deny").get<std::vector<std::string>>();
  return d;
}

std::string denied_by(const Demand& demand, const std::string& name) {
  for (const auto& glob : demand.deny)
    if (fnmatch(glob.c_str(), name.c_str(), 0) == 0) return glob;
  return {};
}

}  // namespace muster::plan
