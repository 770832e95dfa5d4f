// An IANA time zone: from local time to instants and back. abseil's time library (cctz) beneath: it
// is thread-safe, reads today's slim files with their rule for the years beyond the table, and
// tells what a clock set forward leaves out and what one set back repeats.
//
// Pure but for the zone's file, which is read once a process from the system's database
// (/usr/share/zoneinfo, or $TZDIR) and kept: a new tzdata counts from the next start. Whether it
// agrees with libc is checked at start-up by cli/zone_check.hpp.
#pragma once
#include <absl/time/time.h>

#include <string>
#include <string_view>
#include <vector>

#include "base/time.hpp"
#include "schedule/local_time.hpp"

namespace muster::schedule {

/// A value; cheap to copy; any thread.
class Zone {
 public:
  /// By its IANA name: "Europe/Berlin", "UTC". Abbreviations that are no names there, offsets,
  /// "localtime" and paths are refused, with the nearest right name.
  static Result<Zone> find(std::string_view name);
  static Zone utc();

  const std::string& name() const { return name_; }

  struct Resolved {
    enum class Is {
      once,
      left_out,  ///< A clock set forward leaves it out: both instants are later by what is left
                 ///< out.
      twice      ///< A clock set back repeats it.
    };
    Is is = Is::once;
    WallTime at{};    ///< The first one.
    WallTime last{};  ///< The second one; the same as `at` unless `twice`.
  };
  Resolved resolve(LocalTime local) const;
  /// Cut to whole seconds.
  LocalTime local(WallTime at) const;
  /// East of UTC.
  std::chrono::seconds offset(WallTime at) const;
  /// "2027-01-12 10:00 +01:00 Europe/Berlin"
  std::string text(WallTime at) const;

 private:
  Zone(std::string name, absl::TimeZone zone) : name_(std::move(name)), zone_(zone) {}

  std::string name_;
  absl::TimeZone zone_;
};

/// All names of the system's database (its tzdata.zi); empty when it has no such index.
const std::vector<std::string>& zone_names();

}  // namespace muster::schedule
