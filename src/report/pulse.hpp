// Many samples as few columns: what a picture can show of a hundred thousand probes. Pure.
#pragma once
#include <cstdint>
#include <vector>

#include "base/time.hpp"
#include "measure/sample.hpp"

namespace muster::report {

/// The probes that were sent within one column's time.
struct PulseColumn {
  std::uint64_t probes = 0;
  std::uint64_t good = 0;
  bool operator==(const PulseColumn&) const = default;
};

/// `columns` equal parts of [from, to); samples outside of it are left out. A column without a
/// probe stays empty: that is a gap, or the rhythm is slower than the columns.
std::vector<PulseColumn> pulse(const std::vector<measure::Sample>& samples, Instant from,
                               Instant to, std::size_t columns);

}  // namespace muster::report
