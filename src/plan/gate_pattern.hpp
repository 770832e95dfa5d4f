// From a text of a plan to the test of a gate for it: literals, and gaps of a type where a run puts
// something in. Pure. Internal to plan/.
#pragma once
#include <map>
#include <string>
#include <vector>

#include "plan/plan.hpp"

namespace muster::plan {

/// literals[0] types[0] literals[1] …: there is one literal more than there are types. A type is
/// the name of a function of the gate; no literal between two types is empty.
struct GatePattern {
  std::vector<std::string> literals{""};
  std::vector<std::string> types;
};

/// Functions that a gate needs for its types, by name: what `${slot.field}` may be is known
/// beforehand, as one of the candidates' values.
using GateTypes = std::map<std::string, std::string>;

/// An error: the text holds what nothing gives a value to, or a zero byte.
Result<GatePattern> gate_pattern(const Template& text, const Plan& plan, GateTypes& types);

/// "TEXT LITERAL [TYPE LITERAL]…" as arguments of the gate's own functions, quoted.
std::string arguments_of(const GatePattern& pattern);

}  // namespace muster::plan
