#include <fmt/format.h>

#include "model/drill_reader.hpp"
#include "model/shapes.hpp"

namespace muster::model {
namespace {

std::optional<Located<Duration>> above_zero(config::Map& map, std::string_view key,
                                            std::string_view hint, Diagnostics& out) {
  auto value = map.located<Duration>(key);
  if (value && **value == Duration{}) {
    out.error(value->place,
              fmt::format("`{}: 0s` cannot be proven: a measured time has a width", key),
              std::string{hint});
    return std::nullopt;
  }
  return value;
}

ServiceObjective read_service_objective(const config::Entry& entry, Diagnostics& out) {
  ServiceObjective objective;
  objective.service = {entry.key, entry.place};
  config::Map map{entry.value, service_objective_shape(), out};
  objective.rto = above_zero(map, "rto", "write the longest outage that is allowed", out);
  objective.rpo = above_zero(map, "rpo", "for no loss at all write `lost_writes: 0`", out);
  objective.mtpd = above_zero(map, "mtpd", "", out);
  objective.lost_writes = map.located<std::int64_t>("lost_writes");
  if (objective.lost_writes && **objective.lost_writes < 0)
    out.error(objective.lost_writes->place, "`lost_writes` is 0 or more");
  objective.from_inject = map.word<bool>("from", {{"outage", false}, {"inject", true}});
  map.finish();
  if (!objective.rto && !objective.rpo && !objective.lost_writes && entry.value.is_map() &&
      !map.has("rto") && !map.has("rpo"))
    out.error(entry.place, fmt::format("`{}` has no objective", entry.key),
              "give rto, rpo or lost_writes");
  if (objective.mtpd && objective.rto && **objective.mtpd < **objective.rto)
    out.error(objective.mtpd->place, "`mtpd` is shorter than `rto`",
              "the service must be back before the business is lost");
  return objective;
}

}  // namespace

Objectives read_objectives(const config::Node& node, Diagnostics& out) {
  Objectives objectives;
  config::Map map{node, objectives_shape(), out};
  objectives.restore = above_zero(map, "restore", "", out);
  objectives.data_age = above_zero(map, "data_age", "", out);
  for (const auto& entry : node.entries)
    if (entry.key != "restore" && entry.key != "data_age")
      objectives.services.push_back(read_service_objective(entry, out));
  map.finish();
  return objectives;
}

Estimate read_estimate(const config::Node& node, Diagnostics& out) {
  Estimate estimate;
  estimate.place = node.place;
  config::Map map{node, estimate_shape(), out};
  estimate.rto = map.required<Duration>("rto");
  estimate.detect = map.or_default<Duration>("detect");
  estimate.decide = map.or_default<Duration>("decide");
  estimate.reroute = map.or_default<Duration>("reroute");
  map.finish();
  return estimate;
}

}  // namespace muster::model
