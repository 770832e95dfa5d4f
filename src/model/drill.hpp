// A drill: a playbook made concrete. Complete and checked against inventory and people when the
// loader hands it out: every slot is filled, every input has a value that fits, every role is held.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/detect.hpp"
#include "model/guardrails.hpp"
#include "model/objective.hpp"
#include "model/playbook.hpp"
#include "model/schedule.hpp"

namespace muster::model {

/// `primary: orders_db`
struct Fill {
  Located<std::string> slot;
  Located<std::string> pattern;
  std::vector<std::string>
      hosts;  ///< What the pattern selects, in the inventory's order; never empty.
};

/// `stanza: orders`; also each input's default that the drill did not override.
struct GivenInput {
  std::string name;
  ValueType type = ValueType::string;
  Value value;  ///< Literal; fits the type.
};

struct RoleHolder {
  Located<std::string> role;
  Located<std::string> holder;  ///< Id of a person.
  std::optional<Located<std::string>> deputy;
};

struct Drill {
  Located<std::string> name;
  std::string title;
  std::string why;
  std::string owner;   ///< Id of a person, or a role of the drill.
  std::string change;  ///< Reference into somebody's change management; opaque.
  bool own_body = false;
  Playbook playbook;  ///< Its own copy.
  std::vector<Fill> fills;
  std::vector<GivenInput> inputs;
  Objectives objectives;
  std::vector<Detect> detects;
  std::vector<RoleHolder> roles;
  Guardrails guardrails;
  std::optional<Estimate> estimate;
  std::optional<Schedule> schedule;
  std::optional<Due> due;

  const Fill* fill(std::string_view slot) const;
  const GivenInput* input(std::string_view name) const;
  const RoleHolder* role(std::string_view name) const;
};

}  // namespace muster::model
