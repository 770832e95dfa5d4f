#include "report/live.hpp"

#include <algorithm>

#include "report/columns.hpp"
#include "story.hpp"
#include "tests/catch.hpp"

using namespace muster;
using namespace muster::test;

namespace {

/// The block that somebody saw `ms` after the run was opened.
std::vector<std::string> block_at(const report::Record& r, int ms, report::Screen screen) {
  report::Live live{r.plan};
  for (const auto& e : r.entries) {
    if (e.at > Story::instant_at(ms)) break;
    live.seen(journal::draft_of(e));
  }
  for (const auto& [service, samples] : r.samples) {
    std::vector<measure::Sample> so_far;
    for (const auto& s : samples)
      if (s.completed <= Story::instant_at(ms)) so_far.push_back(s);
    live.sampled(service, so_far);
  }
  return live.block(Story::instant_at(ms), Story::wall_at(ms), screen);
}

}  // namespace

TEST_CASE("the block tells where the run is, who is waited for, and the clock against the RTO") {
  report::Screen screen;
  screen.columns = 76;
  const auto at = [&](int ms) { return block_at(a_pass(), ms, screen); };
  CHECK(at(60'000) ==
        std::vector<std::string>{
            "── EXERCISE  1:00  warming up  0/5 steps  orders-primary-loss  up to 20 m…─",
            "✓ orders up    RTO 3 min  ▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁"});
  CHECK(at(125'000) ==
        std::vector<std::string>{
            "── EXERCISE  2:05  under way  1/5 steps  orders-primary-loss  up to 20 mi…─",
            "◷ chen (dba) is asked  4:57 left  step decide: Choose the point to restore…",
            "✗ orders DOWN  RTO 0:03 of 3 min ░░░░░░░░░░  ▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁✗✗✗✗",
            "◆ node.kill on pg-1: active, undo at controller"});
  CHECK(at(140'000)[2] == "▸ Restore the backup on the recovery host  0:08 of 10 min");
}

TEST_CASE("without UTF-8 it is ASCII, and colour is only a second sign") {
  report::Screen screen;
  screen.unicode = false;
  screen.colour = true;
  for (const auto& line : block_at(a_pass(), 125'000, screen)) {
    CAPTURE(line);
    CHECK(std::ranges::all_of(line, [](char c) { return static_cast<unsigned char>(c) < 0x80; }));
    CHECK(report::columns_of(line) < screen.columns);
  }
  const auto block = block_at(a_pass(), 125'000, screen);
  CHECK(block[1].starts_with("\x1b[33m! chen (dba) is asked"));
  CHECK(block[1].ends_with("\x1b[0m"));
}

TEST_CASE("a small screen shows what matters most, and says that there is more") {
  report::Screen screen;
  screen.rows = 6;
  const auto block = block_at(a_pass(), 125'000, screen);
  CHECK(block.size() == 3);
  CHECK(block[1].find("chen (dba) is asked") != std::string::npos);
  CHECK(block[2] == "  and 2 more");
}

TEST_CASE("no line is wider than the screen, whatever the screen") {
  for (const int columns : {100, 60, 32}) {
    for (const int ms : {500, 60'000, 122'000, 125'000, 140'000, 400'000}) {
      report::Screen screen;
      screen.columns = columns;
      const auto block = block_at(a_pass(), ms, screen);
      CAPTURE(columns, ms);
      for (const auto& line : block) {
        UNSCOPED_INFO(line);
        CHECK(report::columns_of(line) < columns);
      }
      CHECK(block.size() <= 12);
    }
  }
}
