// The report for machines; its fields are told in docs/report.md. No fractions: durations and
// instants are nanoseconds as decimal text, as in the journal.
#pragma once
#include <string>

#include "report/summary.hpp"

namespace muster::report {

/// Indented, with sorted keys and a final line feed; the same record gives the same bytes.
std::string json_text(const Summary& summary);

}  // namespace muster::report
