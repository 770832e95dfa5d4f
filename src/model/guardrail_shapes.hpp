// The guardrails of a drill, as data: made from the conditions of check and wait.
#pragma once
#include <vector>

#include "model/shapes.hpp"

namespace muster::model {

const Shape& keep_shape();
const Shape& keep_of_shape();
/// One for each of condition_shapes(), in their order: what stands in the list `abort_if`.
const std::vector<const Shape*>& guard_shapes();

}  // namespace muster::model
