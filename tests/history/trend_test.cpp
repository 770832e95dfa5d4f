#include "history/trend.hpp"

#include <fmt/format.h>

#include "tests/catch.hpp"
#include "tests/history/story.hpp"

using namespace muster;
using namespace muster::history;
using test::a_run;
using test::an_objective;

namespace {

std::vector<const Run*> pointers(const std::vector<Run>& runs) {
  std::vector<const Run*> out;
  for (const auto& run : runs) out.push_back(&run);
  return out;
}

/// Runs of one drill with these intervals in seconds, the oldest first; no upper end: -1.
std::vector<Run> runs_of(const std::vector<std::pair<int, int>>& intervals) {
  std::vector<Run> out;
  int day = 0;
  for (const auto& [lo, hi] : intervals) {
    ++day;
    out.push_back(
        a_run(day, "r" + std::to_string(day), "orders", "PASS",
              {an_objective(lo, hi < 0 ? std::nullopt : std::optional<std::int64_t>{hi})}));
  }
  return out;
}

}  // namespace

TEST_CASE("a regression is only what lies wholly above all of the last ones") {
  struct Row {
    const char* what;
    std::vector<std::pair<int, int>> intervals;
    Regression is;
    std::size_t compared;
  };
  for (const auto& row :
       {Row{"above all", {{10, 12}, {11, 13}, {9, 14}, {15, 16}}, Regression::yes, 3},
        Row{"touches the worst", {{10, 12}, {11, 13}, {9, 14}, {14, 20}}, Regression::none, 3},
        Row{"above the mean, not above one that was wide",
            {{10, 12}, {10, 60}, {9, 14}, {30, 31}},
            Regression::none,
            3},
        Row{"better", {{10, 12}, {11, 13}, {9, 14}, {1, 2}}, Regression::none, 3},
        Row{"too few before it", {{10, 12}, {11, 13}, {90, 91}}, Regression::unknown, 2},
        Row{"one of them has no end",
            {{10, 12}, {11, 13}, {9, -1}, {90, 91}},
            Regression::unknown,
            2},
        Row{"the newest has no end, and is above",
            {{1, 2}, {1, 3}, {1, 4}, {90, -1}},
            Regression::yes,
            3},
        Row{"only the last five count",
            {{100, 110}, {10, 12}, {10, 12}, {10, 12}, {10, 12}, {10, 12}, {20, 21}},
            Regression::yes,
            5}}) {
    CAPTURE(row.what);
    const auto runs = runs_of(row.intervals);
    const auto all = trends_of(pointers(runs));
    REQUIRE(all.size() == 1);
    CHECK(all[0].regression == row.is);
    CHECK(all[0].compared == row.compared);
  }
}

TEST_CASE(
    "runs that tested nothing are no part of a trend; what was not measured makes no statement") {
  auto runs = runs_of({{10, 12}, {10, 12}, {10, 12}, {90, 91}, {5, 6}});
  runs[3].result = "INVALID";
  runs[4].objectives[0].actual.reset();
  const auto all = trends_of(pointers(runs));
  REQUIRE(all.size() == 1);
  CHECK(all[0].points.size() == 4);
  CHECK(all[0].regression == Regression::unknown);
}

TEST_CASE("the chart shows each interval on one scale, with the limit") {
  auto runs = runs_of({{0, 100}, {800, -1}, {450, 500}});
  runs[1].result = "FAIL";
  const auto chart = chart_of(trends_of(pointers(runs)).front(), 20);
  const auto said = [](int lo, std::optional<int> hi) {
    measure::Interval i{std::chrono::seconds{lo}, {}};
    if (hi) i.hi = std::chrono::seconds{*hi};
    return " " + measure::human_interval(i) + "\n";
  };
  CHECK(chart ==
        "  2027-01-16 PASS         [===]..................................|" + said(0, 100) +
            "  2027-01-17 FAIL         ..................................[====>" + said(800, {}) +
            "  2027-01-18 PASS         ...................[=].................|" + said(450, 500) +
            std::string(26, ' ') + "0" +
            fmt::format("{:>39}\n", human_duration(std::chrono::seconds{900})));
  CHECK(chart_of(trends_of(pointers(runs)).front(), 1).find("2027-01-17") == std::string::npos);
}
