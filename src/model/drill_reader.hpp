// A drill of a file, made concrete against inventory, people and playbooks. Private to model/.
#pragma once
#include <optional>
#include <string_view>

#include "config/map.hpp"
#include "model/drill.hpp"
#include "model/inventory.hpp"
#include "model/people.hpp"

namespace muster::model {

struct DrillContext {
  const Inventory& inventory;
  const People& people;
  const std::vector<Playbook>& playbooks;  ///< Without `play` steps: they are expanded.
};

/// nothing: it has no name or no playbook. Whether the value is to be trusted is for `out` to say.
std::optional<Drill> read_drill(const config::Node& document, const DrillContext& context,
                                Diagnostics& out);

Objectives read_objectives(const config::Node& node, Diagnostics& out);
std::vector<Detect> read_detects(const config::Node& node, Diagnostics& out);
Estimate read_estimate(const config::Node& node, Diagnostics& out);

/// What cannot work although every word of it is right (format: `muster check`).
void check_drill(const Drill& drill, const Place& owner, const DrillContext& context,
                 Diagnostics& out);

}  // namespace muster::model
