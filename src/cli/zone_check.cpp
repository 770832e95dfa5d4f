#include "cli/zone_check.hpp"

#include <fmt/format.h>

#include <cstdlib>
#include <ctime>
#include <optional>
#include <string>
#include <vector>

namespace muster::cli {

using namespace std::chrono;

namespace {

/// Sets TZ, and puts back what was there.
class ZoneOfProcess {
 public:
  explicit ZoneOfProcess(const std::string& name) {
    if (const char* before = std::getenv("TZ")) before_ = before;
    ::setenv("TZ", (":" + name).c_str(), 1);
    ::tzset();
  }
  ~ZoneOfProcess() {
    if (before_)
      ::setenv("TZ", before_->c_str(), 1);
    else
      ::unsetenv("TZ");
    ::tzset();
  }
  ZoneOfProcess(const ZoneOfProcess&) = delete;
  ZoneOfProcess& operator=(const ZoneOfProcess&) = delete;

 private:
  std::optional<std::string> before_;
};

Result<> check_one(const schedule::Zone& zone) {
  const ZoneOfProcess set{zone.name()};
  // Each season of years with a table, beyond 32 bits, and far beyond every table.
  for (const int y : {1980, 2007, 2026, 2037, 2038, 2050, 2112, 2199})
    for (const unsigned m : {1u, 4u, 7u, 10u}) {
      const sys_seconds at{sys_days{year{y} / m / 2}};
      const std::time_t t = at.time_since_epoch().count();
      std::tm tm{};
      if (::localtime_r(&t, &tm) == nullptr) continue;
      if (zone.offset(at) != seconds{tm.tm_gmtoff})
        return Error{
            fmt::format("the time zone {} differs at {}: libc says {} s east of UTC, "
                        "abseil {} s",
                        zone.name(), format_utc(at), tm.tm_gmtoff, zone.offset(at).count()),
            "install the system's tzdata anew; until they agree nothing is scheduled"};
    }
  return {};
}

}  // namespace

Result<> check_zones_against_libc(std::span<const schedule::Zone> zones) {
  std::vector<schedule::Zone> all(zones.begin(), zones.end());
  // Summer time in the south, of half an hour, negative, and by a rule of the footer alone.
  for (const auto* name :
       {"Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Europe/Dublin"})
    if (auto zone = schedule::Zone::find(name)) all.push_back(*std::move(zone));
  for (const auto& zone : all)
    if (const auto checked = check_one(zone); !checked) return checked;
  return {};
}

}  // namespace muster::cli
