#include "measure/detection.hpp"

#include "tests/catch.hpp"

using namespace muster;
using namespace muster::measure;
using namespace std::chrono_literals;

namespace {

Instant moment(Duration d) {
  return instant(1'000'000'000'000) + d;
}

/// Put in from 0 s to 2 s, watched for 10 minutes.
DetectionFacts watched() {
  DetectionFacts f;
  f.fault = Moment{moment(0s), moment(2s), 0, 0};
  f.could_be_received = true;
  f.until = moment(602s);
  return f;
}

}  // namespace

TEST_CASE(
    "time to detect runs from the fault that was proven; its width is that of the injection") {
  auto f = watched();
  f.detected = moment(43s);
  REQUIRE(time_to_detect(f));
  CHECK(time_to_detect(f)->lo == Duration{41s});
  CHECK(*time_to_detect(f)->hi == Duration{43s});
  f.detected = moment(1s);  // while it was being proven
  CHECK(time_to_detect(f)->lo == Duration{0s});
  f.detected = moment(-1s);
  CHECK_FALSE(time_to_detect(f));
}

TEST_CASE("whether the fault was noticed in time") {
  struct Row {
    const char* name;
    std::optional<Duration> detected;
    Duration within;
    Met met;
    const char* says;
    void (*but)(DetectionFacts&) = nullptr;
  };
  for (const auto& row : std::vector<Row>{
           {"in time", 43s, 5min, Met::yes, "within"},
           {"too late", 400s, 5min, Met::no, "above"},
           {"on both sides", 301s, 5min, Met::straddles, "both sides"},
           {"never, and watched long enough", {}, 5min, Met::no, "not detected within 5 min"},
           {"never, and the drill was over before", {}, 11min, Met::unknown, "less than"},
           {"never, and no alert could have come",
            {},
            5min,
            Met::unknown,
            "nothing shows",
            [](DetectionFacts& f) { f.could_be_received = false; }},
           {"firing before",
            {},
            5min,
            Met::unknown,
            "before the fault already",
            [](DetectionFacts& f) { f.fired_before = true; }},
           {"no fault was proven", 43s, 5min, Met::unknown, "nothing to detect",
            [](DetectionFacts& f) { f.fault.reset(); }}}) {
    CAPTURE(row.name);
    auto f = watched();
    if (row.detected) f.detected = moment(*row.detected);
    if (row.but) row.but(f);
    const auto judged = judge_detection(f, row.within);
    CAPTURE(judged.reason);
    CHECK(judged.kind == ObjectiveKind::detect);
    CHECK(judged.met == row.met);
    CHECK(judged.reason.find(row.says) != std::string::npos);
    CHECK(judged.objective == row.within);
  }
}
