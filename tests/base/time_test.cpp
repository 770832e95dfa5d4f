#include "base/time.hpp"

#include "tests/catch.hpp"

using namespace muster;
using namespace std::chrono_literals;

TEST_CASE("durations are read with their unit") {
  struct Row {
    const char* text;
    Duration is;
  };
  for (const auto& row :
       {Row{"200ms", 200ms}, Row{"30s", 30s}, Row{"15m", 15min}, Row{"2h", 2h}, Row{"90d", 2160h},
        Row{"1.5s", 1500ms}, Row{"1h30m", 90min}, Row{"0s", 0s}}) {
    CAPTURE(row.text);
    REQUIRE(parse_duration(row.text));
    CHECK(*parse_duration(row.text) == row.is);
    CHECK(*parse_duration(format_duration(row.is)) == row.is);
  }
  for (const char* bad :
       {"", "5", "s", "5 s", "-5s", "5x", "1.2.3s", ".5s", "5.s", "99999d", "1e9s", "5s "}) {
    CAPTURE(bad);
    CHECK_FALSE(parse_duration(bad));
  }
}

TEST_CASE("a long duration keeps its nanoseconds") {
  const auto d = parse_duration("3649d23h59m59s999ms999us999ns");
  REQUIRE(d);
  CHECK(ns(*d) == 3650LL * 86'400'000'000'000 - 1);
  CHECK(format_duration(*d) == "3649d23h59m59s999ms999us999ns");
  CHECK(*parse_duration("3650d") == 87600h);
  CHECK_FALSE(parse_duration("3650d1ns"));
  CHECK_FALSE(parse_duration("2000d2000d"));
}

TEST_CASE("durations for people have three figures") {
  CHECK(human_duration(850ms) == "850 ms");
  CHECK(human_duration(7800ms) == "7.80 s");
  CHECK(human_duration(12345ms) == "12.3 s");
  CHECK(human_duration(245s) == "4 min 05 s");
  CHECK(human_duration(7800s) == "2 h 10 min");
  CHECK(human_duration(9999ms) == "10.0 s");
}

TEST_CASE("times are RFC 3339 and what PostgreSQL prints") {
  const auto t = parse_utc("2026-11-22T21:15:05.482787Z");
  REQUIRE(t);
  CHECK(format_utc(*t) == "2026-11-22T21:15:05.482787Z");
  CHECK(*parse_utc("2026-11-22 21:15:05.482787+00") == *t);
  CHECK(*parse_utc("2026-11-22T22:15:05.482787+01:00") == *t);
  for (const char* bad :
       {"", "2026-11-22", "2026-13-01T00:00:00Z", "2026-11-22T21:15:05", "2026-11-22T25:00:00Z",
        "2026-02-30T00:00:00Z", "2026-11-22T21:15:05.Z", "2026-11-22T21:15:05+99:00",
        "2200-12-31T23:59:59-01:00", "1970-01-01T00:00:00+01:00", "2200-12-31T23:59:60Z"})
    CHECK_FALSE(parse_utc(bad));
}
