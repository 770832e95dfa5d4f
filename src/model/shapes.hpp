// What the files of a workspace may hold: the definition that loader, schema and reference page
// share (config/shape.hpp). A shape stands in the file of the thing that it describes.
#pragma once
#include <span>

#include "config/shape.hpp"

namespace muster::model {

using config::Shape;

// drill_shapes.cpp
const Shape& drill_of_playbook_shape();
const Shape& drill_with_steps_shape();
const Shape& objectives_shape();
const Shape& service_objective_shape();
const Shape& detect_shape();
const Shape& estimate_shape();
const Shape& role_holder_shape();

// guardrail_shapes.cpp
const Shape& guardrails_shape();

// playbook_shapes.cpp
const Shape& playbook_shape();
const Shape& input_shape();
const Shape& answer_shape();
const Shape& target_hosts_shape();
const Shape& target_one_of_shape();
const Shape& target_group_shape();
const Shape& where_shape();
/// The types of inputs and answers: "string", "integer", …
const std::vector<std::string>& value_type_words();
/// The keys of a body, in a playbook and in a drill with its own steps.
std::vector<config::Key> body_keys();

// people_shapes.cpp
const Shape& people_file_shape();
const Shape& person_shape();
const Shape& secrets_file_shape();
const Shape& secret_shape();

/// The kinds of files, in the order in which a reader meets them.
std::span<const config::FileKind> file_kinds();

}  // namespace muster::model
