#include "measure/clock.hpp"

#include <random>

#include "tests/catch.hpp"

using namespace muster;
using namespace muster::measure;
using std::chrono::milliseconds;
using std::chrono::seconds;

namespace {

constexpr std::int64_t kEpoch = 1'795'000'000'000'000'000;  // a wall time of late 2026, in ns

ClockOffset offset(Duration o, Duration half, Instant at) {
  return {Duration{kEpoch} + o, half, at};
}
WallTime stamp(Duration d) {
  return wall_time(kEpoch) + d;
}
Instant second(int s) {
  return instant(0) + seconds{s};
}

}  // namespace

TEST_CASE("the offset lies half-way, with half the journey as its error") {
  const auto o = clock_offset({instant(0) + seconds{10}, stamp(seconds{10} + milliseconds{30}),
                               stamp(seconds{10} + milliseconds{40}),
                               instant(0) + seconds{10} + milliseconds{50}});
  REQUIRE(o);
  CHECK(o->offset - Duration{kEpoch} == milliseconds{10});
  CHECK(o->half == milliseconds{20});
}

TEST_CASE("stamps that contradict each other are refused, the narrowest of the others is taken") {
  const ClockSample backwards{second(1), stamp(seconds{2}), stamp(seconds{1}), second(3)};
  const ClockSample too_long{second(1), stamp(seconds{1}), stamp(seconds{9}), second(3)};
  const ClockSample wide{second(1), stamp(seconds{2}), stamp(seconds{2}), second(3)};
  const ClockSample narrow{second(1), stamp(seconds{2}), stamp(seconds{3}), second(3)};
  CHECK_FALSE(clock_offset(backwards));
  CHECK_FALSE(clock_offset(too_long));
  const std::vector<ClockSample> all{backwards, wide, narrow, too_long};
  REQUIRE(narrowest_offset(all));
  CHECK(narrowest_offset(all)->half == milliseconds{500});
  CHECK_FALSE(narrowest_offset(std::vector<ClockSample>{backwards}));
  CHECK_FALSE(narrowest_offset({}));
}

TEST_CASE("a remote stamp becomes a span, wider outside of the comparisons and after a step") {
  const auto before = offset(milliseconds{100}, milliseconds{5}, second(0));
  const auto steady = fit_clock(before, offset(milliseconds{101}, milliseconds{5}, second(100)));
  CHECK_FALSE(steady.stepped);
  const auto width = [](const Moment& m) { return *m.hi - *m.lo; };
  const auto inside = place(stamp(seconds{50}), steady);
  CHECK(*inside.lo < second(50) - milliseconds{100});
  CHECK(*inside.hi > second(50) - milliseconds{110});
  CHECK(width(place(stamp(seconds{5000}), steady)) > width(inside));
  CHECK(width(place(stamp(seconds{-5000}), steady)) > width(inside));

  const auto set = fit_clock(before, offset(seconds{3}, milliseconds{5}, second(100)));
  CHECK(set.stepped);
  CHECK(width(place(stamp(seconds{50}), set)) > seconds{2});
}

TEST_CASE("the true instant lies inside of the span, however the clock drifts within its bound") {
  for (unsigned seed = 1; seed <= 2000; ++seed) {
    std::mt19937_64 random{seed};
    const auto pick = [&](std::int64_t lo, std::int64_t hi) {
      return std::uniform_int_distribution<std::int64_t>{lo, hi}(random);
    };
    // Drifts one way until `turn`, then another.
    const std::int64_t begin = pick(0, 1'000'000'000'000);
    const std::int64_t length = pick(1'000'000, 4'000'000'000'000);
    const std::int64_t turn = begin + pick(0, length);
    const std::int64_t first = pick(-kDriftPpmMax, kDriftPpmMax);
    const std::int64_t second = pick(-kDriftPpmMax, kDriftPpmMax);
    const auto remote = [&](std::int64_t at) {
      const std::int64_t early = (std::min(at, turn) - begin) / 1'000'000 * first;
      const std::int64_t late = std::max<std::int64_t>(0, at - turn) / 1'000'000 * second;
      return wall_time(kEpoch + at + early + late);
    };
    const auto compared = [&](std::int64_t at) {
      const std::int64_t there = pick(0, 20'000'000), thinking = pick(0, 1'000'000),
                         back = pick(0, 20'000'000);
      const auto o = clock_offset({instant(at), remote(at + there), remote(at + there + thinking),
                                   instant(at + there + thinking + back)});
      REQUIRE(o);
      return *o;
    };
    const auto fit = fit_clock(compared(begin), compared(begin + length));
    INFO("seed " << seed);
    CHECK_FALSE(fit.stepped);
    const std::int64_t truth = pick(begin - 100'000'000'000, begin + length + 100'000'000'000);
    const auto m = place(remote(truth), fit);
    REQUIRE(*m.lo <= instant(truth));
    REQUIRE(instant(truth) <= *m.hi);
  }
}
