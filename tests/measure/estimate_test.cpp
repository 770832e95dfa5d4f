#include "measure/estimate.hpp"

#include "tests/catch.hpp"

using namespace muster;
using namespace muster::measure;
using std::chrono::minutes;

TEST_CASE("an estimate adds what was measured to what was declared, and says which is which") {
  const auto e = estimate_rto(Interval{minutes{100}, minutes{101}},
                              {minutes{240}, minutes{10}, minutes{15}, minutes{5}});
  REQUIRE(e.parts.size() == 4);
  CHECK(e.total == Interval{minutes{130}, minutes{131}});
  for (const auto& p : e.parts)
    CHECK(name(p.provenance) == (p.what == "restore (S to V)" ? "measured" : "declared"));
  CHECK(e.sentence ==
        "Estimated recovery time 2 h 10 min to 2 h 11 min, within the declared RTO of 4 h 00 min; "
        "an estimate, "
        "not a test of it.");
}

TEST_CASE("what was not declared is named, and no restore gives no estimate") {
  const auto partial =
      estimate_rto(Interval{minutes{10}, minutes{10}}, {minutes{5}, {}, {}, minutes{1}});
  CHECK(partial.left_out == std::vector<std::string>{"detect", "decide"});
  CHECK(partial.sentence.find("above the declared RTO") != std::string::npos);
  CHECK(partial.sentence.find("without detect, decide") != std::string::npos);
  const auto none = estimate_rto(std::nullopt, {minutes{5}, minutes{1}, minutes{1}, minutes{1}});
  CHECK_FALSE(none.total.hi);
  CHECK(none.sentence.starts_with("No estimate"));
}
