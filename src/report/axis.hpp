// Instants of one run as its readers see them: time since the run was opened (T+), and UTC beside
// it.
#pragma once
#include <string>

#include "base/time.hpp"
#include "measure/interval.hpp"

namespace muster::report {

/// UTC is that of the controller's clock when the run was opened, counted on: an annotation.
struct Axis {
  Instant start{};
  WallTime wall{};

  Duration since(Instant t) const { return t - start; }
  WallTime wall_of(Instant t) const { return wall + (t - start); }
};

/// "00:41.2", "12:03.4", "1:02:03.4": cut, not rounded, so that no event is shown before it
/// happened by more than its last digit. `digits` of a second, 0 to 3.
std::string clock_text(Duration since_start, int digits = 1);

/// "02:03.412", "02:03.412 to 02:03.512", "after 02:03.412"; "" when nothing is known.
std::string clock_text(const measure::Moment& moment, const Axis& axis);

/// "2026-11-22 21:15:05 UTC"
std::string utc_text(WallTime t);

}  // namespace muster::report
