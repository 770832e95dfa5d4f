// JSON of probes, shared by services and conditions. Internal to plan/.
#pragma once
#include "base/json.hpp"
#include "catalogue/probe.hpp"

namespace muster::plan {

Json probe_to_json(const catalogue::ProbeSpec& probe);
/// Throws Json::exception on what it does not expect; plan_from_json turns that into an Error.
catalogue::ProbeSpec probe_from_json(const Json& json);

}  // namespace muster::plan
