// What an entry says to a person who watches or reads: one line, or nothing for what is only
// bookkeeping.
#pragma once
#include <optional>
#include <string>

#include "journal/entry.hpp"
#include "plan/plan.hpp"

namespace muster::report {

std::optional<std::string> event_text(const journal::Entry& entry, const plan::Plan& plan);

/// Everything on one line, with what could steer a terminal made visible.
std::string one_line(std::string_view text);

}  // namespace muster::report
