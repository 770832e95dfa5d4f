// One play: what it gives to its playbook, and the steps that come of it. Private to model/.
#pragma once
#include <map>
#include <optional>
#include <set>
#include <string>

#include "model/playbook.hpp"

namespace muster::model {

/// What the names of an inner playbook mean outside of it.
struct PlayBinding {
  std::string prefix;                          ///< "play-id/"
  std::map<std::string, const Value*> inputs;  ///< Into the play's `with`, or an input's default.
  std::map<std::string, std::string> slots;
  std::map<std::string, std::string> roles;
  std::set<std::string> answers;
};

/// Checks all that the play gives against what the inner playbook wants. Nothing: `out` says why.
/// The binding points into `step` and `inner`.
std::optional<PlayBinding> bind_play(const Step& step, const Playbook& inner, const Playbook& outer,
                                     Diagnostics& out);

/// The steps as they stand in the outer playbook. `out`: an input that is a list inside of a text.
Steps played(const Steps& inner, const PlayBinding& binding, Diagnostics& out);

}  // namespace muster::model
