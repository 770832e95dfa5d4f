// Steps, as data: one shape for each action word.
#pragma once
#include <vector>

#include "model/shapes.hpp"

namespace muster::model {

/// In the order of action_words(); the first key of each is its word.
const std::vector<const Shape*>& step_shapes();
/// That of one action word.
const Shape& step_shape(std::string_view word);

const Shape& approve_shape();
const Shape& pick_shape();
/// Where `pick` may stand: the advice where it does not.
inline constexpr const char* kPickFrom =
    "it picks from the hosts of inject, restore, run, or of a command with on_host";

/// One step of any word: what stands under `steps:`.
config::Type step_type();
/// `check` and `wait` only: what stands under `ends:`.
config::Type end_type();

}  // namespace muster::model
