#include "report/pulse.hpp"

#include <algorithm>

namespace muster::report {

std::vector<PulseColumn> pulse(const std::vector<measure::Sample>& samples, Instant from,
                               Instant to, std::size_t columns) {
  std::vector<PulseColumn> out(columns);
  if (to <= from || columns == 0) return out;
  const double width = static_cast<double>(ns(to - from)) / static_cast<double>(columns);
  for (const auto& s : samples) {
    if (s.sent < from || s.sent >= to) continue;
    const auto at = static_cast<std::size_t>(static_cast<double>(ns(s.sent - from)) / width);
    PulseColumn& column = out[std::min(at, columns - 1)];
    ++column.probes;
    if (s.outcome == measure::Outcome::ok) ++column.good;
  }
  return out;
}

}  // namespace muster::report
