#include "schedule/zone.hpp"

#include <algorithm>
#include <cstdlib>
#include <ctime>
#include <random>
#include <set>

#include "tests/catch.hpp"
#include "tests/schedule/helper.hpp"

using namespace muster;
using namespace muster::schedule;
using namespace std::chrono;
using Is = Zone::Resolved::Is;

TEST_CASE("local times become instants: gaps go forward, of two times the first counts") {
  struct Row {
    const char *zone, *local, *at;
    Is is;
  };
  for (const auto& row : {
           Row{"Europe/Berlin", "2027-01-12T10:00", "2027-01-12T09:00:00Z", Is::once},
           Row{"Europe/Berlin", "2027-03-28T01:59", "2027-03-28T00:59:00Z", Is::once},
           Row{"Europe/Berlin", "2027-03-28T02:30", "2027-03-28T01:30:00Z", Is::left_out},
           Row{"Europe/Berlin", "2027-03-28T03:00", "2027-03-28T01:00:00Z", Is::once},
           Row{"Europe/Berlin", "2027-10-31T02:30", "2027-10-31T00:30:00Z", Is::twice},
           Row{"Europe/Berlin", "2027-10-31T03:00", "2027-10-31T02:00:00Z", Is::once},
           // Beyond every table, by the rule in the file's footer.
           Row{"Europe/Berlin", "2100-07-01T10:00", "2100-07-01T08:00:00Z", Is::once},
           Row{"America/New_York", "2199-07-01T10:00", "2199-07-01T14:00:00Z", Is::once},
           // Half an hour; a whole day that never was; no summer time at all.
           Row{"Australia/Lord_Howe", "2027-10-03T02:15", "2027-10-02T15:45:00Z", Is::left_out},
           Row{"Pacific/Apia", "2011-12-30T10:00", "2011-12-30T20:00:00Z", Is::left_out},
           Row{"Asia/Kolkata", "2027-03-28T02:30", "2027-03-27T21:00:00Z", Is::once},
           Row{"UTC", "2027-03-28T02:30", "2027-03-28T02:30:00Z", Is::once},
       }) {
    CAPTURE(row.zone, row.local);
    const auto resolved = zone(row.zone).resolve(local(row.local));
    CHECK(utc_text(resolved.at) == row.at);
    CHECK(resolved.is == row.is);
  }
  const auto twice = zone("Europe/Berlin").resolve(local("2027-10-31T02:30"));
  CHECK(twice.last - twice.at == hours{1});
  CHECK(zone("Europe/Berlin").text(utc("2027-03-28T01:30:00Z")) ==
        "2027-03-28 03:30 +02:00 Europe/Berlin");
  CHECK(zone("America/St_Johns").text(utc("2027-01-12T12:00:00Z")) ==
        "2027-01-12 08:30 -03:30 America/St_Johns");
}

TEST_CASE("what is no IANA name is refused, with the nearest one") {
  struct Row {
    const char *name, *hint;
  };
  for (const auto& row : {
           Row{"Europe/Berln", "did you mean `Europe/Berlin`?"},
           Row{"berlin", "did you mean `Europe/Berlin`?"},
           Row{"europe/london", "did you mean `Europe/London`?"},
           Row{"", "write its IANA name: Europe/Berlin"},
           Row{"localtime", "write its IANA name: Europe/Berlin"},
           Row{"/usr/share/zoneinfo/UTC", "write its IANA name: Europe/Berlin"},
           Row{"../zoneinfo/UTC", "write its IANA name: Europe/Berlin"},
           Row{"Fixed/UTC+01:00:00", "write its IANA name: Europe/Berlin"},
           Row{"right/Europe/Berlin", "write its IANA name: Europe/Berlin"},
       }) {
    CAPTURE(row.name);
    const auto found = Zone::find(row.name);
    REQUIRE_FALSE(found);
    CHECK(found.error().hint == row.hint);
  }
}

namespace {

int number_from_environment(const char* name, int preset) {
  const char* text = std::getenv(name);
  return text && *text ? std::atoi(text) : preset;
}

LocalTime libc_local(WallTime at) {
  const std::time_t t = floor<seconds>(at).time_since_epoch().count();
  std::tm tm{};
  ::localtime_r(&t, &tm);
  return LocalTime{seconds{t + tm.tm_gmtoff}};
}

/// What libc alone says of a local time: it is asked for the local time of every instant that could
/// be meant.
struct ByLibc {
  std::optional<WallTime> first, last;
  WallTime shifted{};
};
ByLibc by_libc(LocalTime wanted) {
  ByLibc out;
  const WallTime as_utc{wanted.time_since_epoch()};
  std::set<seconds> offsets;
  for (int h = -30; h <= 30; h += 3)
    offsets.insert(libc_local(as_utc + hours{h}).time_since_epoch() -
                   floor<seconds>((as_utc + hours{h}).time_since_epoch()));
  for (const auto offset : offsets) {
    const auto at = as_utc - offset;
    if (libc_local(at) != wanted) continue;
    if (!out.first || at < *out.first) out.first = at;
    if (!out.last || at > *out.last) out.last = at;
  }
  // Left out: by the offset before the change, which is the smallest one around a gap.
  out.shifted = as_utc - *offsets.begin();
  return out;
}

seconds libc_offset(WallTime at) {
  return libc_local(at).time_since_epoch() - floor<seconds>(at.time_since_epoch());
}

/// The instant at which a clock is set, to the minute, within a year; by libc alone.
std::optional<WallTime> next_change(WallTime after) {
  for (int day = 0; day < 366; ++day, after += days{1}) {
    if (libc_offset(after) == libc_offset(after + days{1})) continue;
    auto low = after, high = after + days{1};
    while (high - low > minutes{1}) {
      const auto middle = floor<minutes>(low + (high - low) / 2);
      (libc_offset(middle) == libc_offset(low) ? low : high) = middle;
    }
    return high;
  }
  return std::nullopt;
}

}  // namespace

TEST_CASE("every zone, every decade: the same as glibc", "[oracle]") {
  const auto seeds = number_from_environment("MUSTER_SCHEDULE_SEEDS", 40);
  std::mt19937_64 random{20261127};
  std::size_t compared = 0, gaps = 0, folds = 0;
  for (const auto& name : zone_names()) {
    const auto found = Zone::find(name);
    if (!found) continue;  // an old name, in a package that is not here
    ::setenv("TZ", (":" + name).c_str(), 1);
    ::tzset();
    for (int i = 0; i < seeds; ++i) {
      // Half of them within an hour and a half of a change of the clock.
      const WallTime any{minutes{random() % (229ull * 365 * 1440)}};
      const auto change = i % 2 == 0 ? next_change(any) : std::nullopt;
      const auto wanted =
          libc_local(change ? *change - minutes{90} : any) + minutes{change ? random() % 180 : 0};
      const auto ours = found->resolve(wanted);
      const auto libc = by_libc(wanted);
      INFO(name << " " << format_local(wanted));
      ++compared;
      if (!libc.first) {
        ++gaps;
        REQUIRE(ours.is == Is::left_out);
        REQUIRE(utc_text(ours.at) == utc_text(libc.shifted));
      } else {
        folds += *libc.first != *libc.last ? 1 : 0;
        REQUIRE((ours.is == Is::twice) == (*libc.first != *libc.last));
        REQUIRE(utc_text(ours.at) == utc_text(*libc.first));
        REQUIRE(utc_text(ours.last) == utc_text(*libc.last));
      }
      REQUIRE(found->local(ours.at) == libc_local(ours.at));
    }
  }
  ::unsetenv("TZ");
  ::tzset();
  WARN(compared << " local times, " << gaps << " left out, " << folds << " twice: none differs");
  CHECK(compared > 0);
}
