// What a recurrence rule may hold (RFC 5545, section 3.3.10, without what is finer than a day).
// Private to schedule/.
#pragma once
#include <string_view>

#include "base/result.hpp"

namespace muster::schedule {

Result<> check_rrule(std::string_view text);

}  // namespace muster::schedule
