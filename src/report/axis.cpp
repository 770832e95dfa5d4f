#include "report/axis.hpp"

#include <fmt/format.h>

namespace muster::report {

std::string clock_text(Duration since_start, int digits) {
  std::int64_t left = ns(since_start);
  const bool negative = left < 0;
  if (negative) left = -left;
  const std::int64_t ms = left / 1'000'000;
  const std::int64_t s = ms / 1000;
  std::string out = negative ? "-" : "";
  if (s >= 3600)
    out += fmt::format("{}:{:02}:{:02}", s / 3600, s / 60 % 60, s % 60);
  else
    out += fmt::format("{:02}:{:02}", s / 60, s % 60);
  const auto fraction = fmt::format("{:03}", ms % 1000);
  if (digits > 0) out += "." + fraction.substr(0, static_cast<std::size_t>(digits));
  return out;
}

std::string clock_text(const measure::Moment& m, const Axis& axis) {
  if (!m.lo && !m.hi) return {};
  if (!m.hi) return "after " + clock_text(axis.since(*m.lo), 3);
  if (!m.lo) return "before " + clock_text(axis.since(*m.hi), 3);
  const auto lo = clock_text(axis.since(*m.lo), 3), hi = clock_text(axis.since(*m.hi), 3);
  return lo == hi ? lo : lo + " to " + hi;
}

std::string utc_text(WallTime t) {
  std::string text = format_utc(t).substr(0, 19);
  text[10] = ' ';
  return text + " UTC";
}

}  // namespace muster::report
