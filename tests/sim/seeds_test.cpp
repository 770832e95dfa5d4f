// Thousands of stories, and the runner killed between any two writes of one drill.
// MUSTER_SEEDS: how many (default 3,000); MUSTER_SEED: only this one, told in full.
#include <fmt/format.h>

#include <cstdio>
#include <cstdlib>

#include "tests/catch.hpp"
#include "tests/sim/people.hpp"
#include "tests/sim/story.hpp"

namespace muster::sim {
namespace {

using namespace std::chrono_literals;

std::uint64_t number(const char* name, std::uint64_t otherwise) {
  const char* text = std::getenv(name);
  return text ? std::strtoull(text, nullptr, 10) : otherwise;
}

std::string replay(std::uint64_t seed) {
  return fmt::format("replay: MUSTER_SEED={} test_sim '[seeds]'", seed);
}

TEST_CASE("whatever happens: no fault stays behind unnoticed, and nothing unknown passes",
          "[seeds]") {
  const std::uint64_t only = number("MUSTER_SEED", 0);
  const std::uint64_t count = only ? 1 : number("MUSTER_SEEDS", 3000);
  std::map<std::string, std::uint64_t> results;
  std::uint64_t bad = 0;
  for (std::uint64_t seed = only ? only : 1; bad < 10 && seed < (only ? only : 1) + count; ++seed) {
    const Story story = tell(seed);
    ++results[story.result];
    if (only)
      for (const auto& line : story.journal) std::puts(line.c_str());
    INFO(replay(seed));
    CHECK(story.breaches == std::vector<std::string>{});
    bad += story.breaches.empty() ? 0 : 1;
  }
  std::string all;
  for (const auto& [result, n] : results) all += fmt::format(" {} {}", n, result);
  if (bad == 0 && !only)
    CHECK(results.size() >= 6);  // the stories are varied enough to mean something
  INFO(all);
  CHECK(bad == 0);
}

TEST_CASE("the same seed gives the same journal, byte for byte", "[seeds]") {
  for (const std::uint64_t seed : {3u, 14u, 159u, 2653u}) {
    INFO(replay(seed));
    CHECK(tell(seed).journal == tell(seed).journal);
  }
}

/// A drill that is killed at its n-th write, before or after it is durable; false: it had no n-th
/// write.
bool killed_at(std::uint64_t n, Fault how, const plan::Plan& plan) {
  World w{n};
  people_answer(w, 10s);
  w.store.faults[n] = how;
  Process& p = w.begin(plan);
  w.finish(p);
  const bool died = p.dead();
  if (!died) w.judge_end(p);
  if (died) after_death(w);
  INFO(fmt::format("killed at write {}, {}", n,
                   how == Fault::killed_before ? "before it landed" : "after it landed"));
  CHECK(w.breaches == std::vector<std::string>{});
  if (died && !w.record().bytes().empty()) CHECK(w.state().closed);
  return died;
}

TEST_CASE("killed at any write of a drill, and recovered", "[kill]") {
  const Fault how = GENERATE(Fault::killed_before, Fault::killed_after);
  const int which = GENERATE(0, 1, 2);
  const auto many = with_steps(
      bare_plan(), {named(inject("process.pause", "both"), "stop"), inject("disk.fill"),
                    revert("stop"), run_undo("front", {"drain"}, {"undrain"}),
                    no_return("front", {"switch", "db2"}), inject("process.pause"), pause(9s)});
  const auto plan = which == 0 ? primary_loss() : which == 1 ? restore_test() : many;
  std::uint64_t n = 1;
  while (n < 500 && killed_at(n, how, plan)) ++n;
  CHECK(n > 20);
  CHECK(n < 500);
}

}  // namespace
}  // namespace muster::sim
