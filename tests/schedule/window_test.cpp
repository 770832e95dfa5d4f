#include "schedule/window.hpp"

#include "tests/catch.hpp"
#include "tests/schedule/helper.hpp"

using namespace muster;
using namespace muster::schedule;
using namespace std::chrono;

namespace {

Interval span_of(const char* from, const char* to) {
  return {utc(from), utc(to)};
}

const Interval kDay = span_of("2027-01-15T08:00:00Z", "2027-01-15T15:00:00Z");

Surprise drawn(const std::vector<Interval>& permitted) {
  Surprise one;
  one.key = surprise_key("seed", "d", local("2027-01-15T09:00"));
  one.commitment = surprise_commitment(one.key);
  one.permitted = permitted;
  one.planned = surprise_time(one.key, permitted).value();
  return one;
}

}  // namespace

TEST_CASE("intervals: merged, and taken out") {
  const auto a = span_of("2027-01-15T07:00:00Z", "2027-01-15T09:00:00Z");
  const auto b = span_of("2027-01-15T09:00:00Z", "2027-01-15T10:00:00Z");
  const auto c = span_of("2027-01-15T14:00:00Z", "2027-01-15T20:00:00Z");
  const auto all = merged({c, b, a, a});
  CHECK(all == std::vector{span_of("2027-01-15T07:00:00Z", "2027-01-15T10:00:00Z"), c});
  CHECK(without(kDay, all) == std::vector{span_of("2027-01-15T10:00:00Z", "2027-01-15T14:00:00Z")});
  CHECK(without(kDay, {}) == std::vector{kDay});
  CHECK(
      without(kDay, std::vector{span_of("2027-01-01T00:00:00Z", "2027-02-01T00:00:00Z")}).empty());
  CHECK(merged({{kDay.to, kDay.from}}).empty());
}

TEST_CASE("the key is HMAC-SHA-256 of what the header says: anybody can compute it") {
  // printf 'muster surprise 1\nd\n2027-01-15T09:00\n' | openssl dgst -sha256 -hmac seed
  CHECK(hex(surprise_key("seed", "d", local("2027-01-15T09:00"))) ==
        "01e396b2d96edc286d4852f912d65c190f48a44ce5e695e38a4ca16bac7600a3");
}

TEST_CASE("drawn times lie in what is permitted, and are spread over it") {
  const std::vector<Interval> permitted{span_of("2027-01-15T08:00:00Z", "2027-01-15T09:00:00Z"),
                                        span_of("2027-01-15T12:00:00Z", "2027-01-15T15:00:00Z")};
  int early = 0;
  constexpr int kCount = 4000;
  for (int i = 0; i < kCount; ++i) {
    const auto key = surprise_key("seed " + std::to_string(i), "d", local("2027-01-15T09:00"));
    const auto at = surprise_time(key, permitted);
    REQUIRE(at);
    REQUIRE((permitted[0].holds(*at) || permitted[1].holds(*at)));
    early += permitted[0].holds(*at) ? 1 : 0;
  }
  CHECK(early > kCount / 4 - 150);  // a quarter of the seconds; 150 is five and a half deviations
  CHECK(early < kCount / 4 + 150);
  CHECK_FALSE(surprise_time(surprise_key("s", "d", kFirst), {}));
}

TEST_CASE("a revealed surprise is checked: key, commitment, intervals, time") {
  const std::vector<Interval> permitted{kDay};
  CHECK(check_surprise(drawn(permitted)));
  auto other_time = drawn(permitted);
  other_time.planned += seconds{1};
  CHECK(check_surprise(other_time).error().what ==
        "the time does not follow from the key and what was permitted");
  auto other_key = drawn(permitted);
  other_key.key.bytes[31] ^= 1;
  CHECK(check_surprise(other_key).error().what ==
        "the revealed key is not the one that was committed to");
  auto other_window = drawn(permitted);
  other_window.permitted[0].from += hours{1};
  CHECK_FALSE(check_surprise(other_window));
}
