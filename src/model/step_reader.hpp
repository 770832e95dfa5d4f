// Steps of a file. Private to model/.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "config/map.hpp"
#include "model/step.hpp"

namespace muster::model {

/// The words of this version, and those that are refused by name.
const std::vector<std::string>& action_words();
const std::vector<std::string>& later_words();

/// `prefix` is what positions begin with: "", "3.2." or "end.".
Steps read_steps(const config::Node& node, const std::string& prefix, Diagnostics& out);

/// The action of a step whose word is known; reads that word and the keys that belong to it alone.
Action read_action(config::Map& map, const std::string& word, const std::string& position,
                   Diagnostics& out);

/// `{type, default, help}` of an answer or (then `help` is given) an input, as its shape says.
void read_typed(const config::Node& node, const config::Shape& shape, ValueType& type,
                std::optional<Value>& preset, std::string* help, Diagnostics& out);

/// A value that must fit now: no reference in it.
void check_literal(const Value& value, ValueType type, Diagnostics& out);

/// Gives `revert` and `teardown` the ids of the steps that they mean; ids are unique. Runs once
/// over all steps of a playbook.
void resolve_steps(Steps& steps, Steps& ends, Diagnostics& out);

}  // namespace muster::model
