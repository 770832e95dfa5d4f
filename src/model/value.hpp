// What a user wrote under `with:` or as a default, before its type is known: a scalar is text, and
// what expects it (an input's type, a fault's parameter) interprets it. `no` is never a boolean by
// accident.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "model/text.hpp"

namespace muster::model {

struct Field;

struct Value {
  Place place;
  std::variant<Text, std::vector<Value>, std::vector<Field>> data;

  const Text* text() const { return std::get_if<Text>(&data); }
  const std::vector<Value>* list() const { return std::get_if<std::vector<Value>>(&data); }
  const std::vector<Field>* map() const { return std::get_if<std::vector<Field>>(&data); }
};

struct Field {
  Located<std::string> key;
  Value value;
};
/// In the order of the file; keys are unique.
using Fields = std::vector<Field>;

/// nullptr when there is none of that name.
const Value* find(const Fields& fields, std::string_view key);

/// Every reference in it, at any depth.
std::vector<const Reference*> references(const Value& value);

/// A null is refused: it is nearly always a forgotten value.
std::optional<Value> parse_value(const config::Node& node, Diagnostics& out,
                                 SecretsHere secrets = SecretsHere::refused);
Fields parse_fields(const config::Node& node, std::string_view what, Diagnostics& out);

/// The types of inputs and answers.
enum class ValueType { string, integer, boolean, duration, size, time, list };
std::string_view to_string(ValueType type);
/// "" when a literal text fits the type, else what was expected. `time` is RFC 3339 with an offset,
/// or `latest`. Also for what a person answers.
std::string misfit(std::string_view literal, ValueType type);
/// Same for a value of a file that holds no references.
std::string misfit(const Value& value, ValueType type);

}  // namespace muster::model
