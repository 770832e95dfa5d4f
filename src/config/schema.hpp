// JSON Schema (draft 2020-12) of a kind of file, made from its shapes: editors complete and check
// from it. It is never stricter than the loader; what a schema cannot say (names that must exist,
// times that must fit each other) the loader says alone. Pure.
#pragma once
#include "base/json.hpp"
#include "config/shape.hpp"

namespace muster::config {

/// The schema of a whole document; `$id` is "urn:muster:schema:KIND".
Json schema_of(const FileKind& kind);

/// The schema of one shape alone, under that name.
Json schema_of(const Shape& shape, const std::string& id);

/// Calls f for every shape that can be reached from the type, each once, outer ones first.
void each_shape(const Type& type, const std::function<void(const Shape&)>& f);

}  // namespace muster::config
