// A playbook: steps with typed inputs and slots for targets and roles; reusable. A drill that holds
// its own steps makes one of them too, so that nobody behind the loader sees the difference.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/service.hpp"
#include "model/step.hpp"

namespace muster::model {

struct Input {
  Located<std::string> name;
  ValueType type = ValueType::string;
  std::string help;
  std::optional<Value> preset;  ///< `default:`; nothing: the drill must give it.
};

/// How one of a group is told from the others, asked on each member at preflight and before the
/// effect.
struct Where {
  Place place;
  std::variant<Text, Command> question;  ///< SQL that answers true, or a command that exits 0.
};

struct Slot {
  enum class Kind {
    hosts,  ///< `{hosts: N}`: exactly N hosts.
    one_of,  ///< `{one_of: group, where: …}`: the one member of the given group for which it holds.
    group    ///< `{group: true, min: N}`: all hosts of what is given, at least N.
  };
  Located<std::string> name;
  Kind kind = Kind::hosts;
  int count = 1;  ///< hosts: N; group: the least number.
  std::optional<Where> where;

  /// `${slot.address}` has one answer.
  bool is_single() const { return kind == Kind::one_of || (kind == Kind::hosts && count == 1); }
};
/// What `${slot.…}` may name: name, address, user, port, zone.
const std::vector<std::string>& slot_fields();

struct Playbook {
  Located<std::string> name;
  std::string title;
  std::vector<Input> inputs;
  std::vector<Slot> slots;
  std::vector<Located<std::string>> roles;
  std::vector<Service> services;
  Steps steps;
  Steps
      ends;  ///< `check` and `wait` only: must hold before the drill is over; not part of the RTO.

  const Input* input(std::string_view wanted) const;
  const Slot* slot(std::string_view wanted) const;
  const Service* service(std::string_view wanted) const;
  /// Of `steps`, also in branches; nullptr when there is none.
  const Step* step(std::string_view id) const;
};

}  // namespace muster::model
