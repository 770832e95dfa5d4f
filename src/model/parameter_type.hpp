// A parameter of the catalogue (of a fault, a restore, a probe) as a key of a Shape.
#pragma once
#include "catalogue/parameter.hpp"
#include "config/shape.hpp"

namespace muster::model {

/// Every value may come from an input or an answer (`${…}`); then it is checked when it is bound.
config::Type type_of(const catalogue::Parameter& parameter);
config::Key key_of(const catalogue::Parameter& parameter);

}  // namespace muster::model
