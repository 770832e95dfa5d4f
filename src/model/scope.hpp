// What `${…}` may name at one place of a playbook. Private to model/.
#pragma once
#include <map>
#include <string>
#include <vector>

#include "model/playbook.hpp"

namespace muster::model {

/// Reports dangling names of everything in the playbook: references, targets, services, roles.
void check_names(const Playbook& playbook, Diagnostics& out);

class Scope {
 public:
  Scope(const Playbook& playbook, Diagnostics& out);

  /// From here on `${name}` is answered.
  void answered(const AnswerSpec& answer);

  void check(const Text& text) const;
  void check(const Value& value) const;
  void check(const Command& command) const;
  void check(const Probe& probe) const;
  /// Without a target there is nothing to be asked yet; inputs only.
  void check_inputs_only(const Where& where) const;
  /// A target's name, at its place.
  void check_slot(const Located<std::string>& name) const;

 private:
  void check(const Reference& reference) const;
  void check_field(const Reference& reference, const Slot& slot) const;

  const Playbook& playbook_;
  Diagnostics& out_;
  std::vector<std::string> answers_;
  std::vector<std::string> asked_;  ///< Of all steps: to tell "later" from "never".
};

}  // namespace muster::model
