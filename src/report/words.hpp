// Figures as all outputs write them.
#pragma once
#include <string>

#include "report/summary.hpp"

namespace muster::report {

/// "recovery time (RTO)"
std::string_view title_of(measure::ObjectiveKind kind);
/// "orders: recovery time (RTO)"
std::string label_of(const measure::Judgement& judgement);
/// "the alert OrdersDown", "a person"
std::string label_of(const Detection& detection);
/// "3 min", "0 writes"; what is allowed
std::string limit_of(const measure::Judgement& judgement);
/// "41.2 s to 41.5 s", "3 writes", "not measured"
std::string actual_of(const measure::Judgement& judgement);
/// "met", "missed", "not settled", "unknown"
std::string_view word_of(measure::Met met);

/// A declared length, shortest: "3 min", "90 s", "2 h".
std::string limit_text(Duration d);
/// human_interval, with as many digits as it takes to tell the two ends apart.
std::string interval_text(const measure::Interval& interval);

/// 12,345
std::string grouped(std::uint64_t n);
/// "98.7 %" of good probes, cut; "–" when there were none
std::string share_of(const measure::Quality& quality);
/// "1.234" seconds of a duration, exact to the millisecond, without a floating-point number in
/// between
std::string seconds_text(Duration d);

}  // namespace muster::report
