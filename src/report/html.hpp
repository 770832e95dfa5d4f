// The report for people: one HTML file that needs nothing else. No script, no fetch, no font; a
// policy in the page itself refuses whatever else should get in. Readable on paper, by keyboard and
// by a screen reader.
#pragma once
#include <string>

#include "report/record.hpp"
#include "report/summary.hpp"

namespace muster::report {

inline constexpr std::size_t kHtmlBytesMax = 2'000'000;

/// `summary` is that of `record`, whose samples the timeline is drawn from. At most kHtmlBytesMax
/// bytes: a run that says more than fits has its longest evidence and its table of events cut, and
/// says so.
std::string html_text(const Summary& summary, const Record& record);

}  // namespace muster::report
