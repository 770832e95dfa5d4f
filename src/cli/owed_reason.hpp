// The reason that a person gives for what stands on their word alone, before it goes on record.
#pragma once
#include <string>

namespace muster::cli {

/// "", or what is wrong with it: too long, or it would not look the same to who reads it later.
/// `owed` is said when there is none; "": none is needed.
std::string problem_of_reason(const std::string& reason, const std::string& owed);

}  // namespace muster::cli
