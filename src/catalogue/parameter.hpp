// What a fault, a restore provider or a probe may be told in a playbook's `with:`.
#pragma once
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace muster::catalogue {

enum class ParameterType { string, path, integer, boolean, duration, size, percent, time, list };

struct Parameter {
  std::string name;  // [a-z][a-z0-9_]*
  ParameterType type = ParameterType::string;
  bool required = false;
  std::string fallback;  // used when it is not given; in the same spelling as a user would write it
  std::string help;
  bool operator==(const Parameter&) const = default;
};

/// Parameter values on their way to a target, as text. A list travels as NAME_0, NAME_1, … with
/// NAME_count. Nothing in here is ever parsed by a shell (reference: protocol, "Frames").
using Values = std::map<std::string, std::string>;

/// Checks one value against its parameter: a size must be a size, a path absolute and free of "..".
/// Text that still holds `${…}` passes: it is checked again when it is bound.
Result<> check_value(const Parameter& parameter, std::string_view text);

Result<ParameterType> parse_parameter_type(std::string_view word);
std::string_view name_of(ParameterType type);

}  // namespace muster::catalogue
