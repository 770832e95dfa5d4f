// What a lab's file may hold: the definition that its loader, schema and reference page share.
#pragma once
#include "config/shape.hpp"

namespace muster::lab {

const config::Shape& definition_shape();
const config::Shape& base_shape();
const config::Shape& node_shape();
const config::Shape& node_script_shape();

const config::FileKind& file_kind();

}  // namespace muster::lab
