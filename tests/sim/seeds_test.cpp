// Thousands of stories, and the runner killed between any two writes of one drill.
// MUSTER_SEEDS: how many (default 2,000); MUSTER_SEED: only this one, told in full.
// "[soak]" goes on for MUSTER_SOAK_S seconds from MUSTER_SEED_FROM on: `./dev soak`.
#include <fmt/format.h>

#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <mutex>
#include <thread>

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

/// An exception that nobody took is a breach of that seed's story, not the end of all of them.
Story tell_or_say_why_not(std::uint64_t seed) {
  try {
    return tell(seed);
  } catch (const std::exception& e) {
    Story story;
    story.result = "thrown";
    story.breaches = {fmt::format("it threw: {}", e.what())};
    return story;
  }
}

/// `judge` gets each story on the thread that told it, one at a time; stories know nothing of each
/// other. Until `enough`, a seed after the other.
void tell_many(std::uint64_t from, const std::function<bool(std::uint64_t told)>& enough,
               const std::function<void(std::uint64_t seed, const Story&)>& judge) {
  std::atomic<std::uint64_t> next = from;
  std::mutex one;
  const auto work = [&] {
    for (std::uint64_t seed = next++; !enough(seed - from); seed = next++) {
      const Story story = tell_or_say_why_not(seed);
      const std::scoped_lock lock{one};
      judge(seed, story);
    }
  };
  std::vector<std::thread> threads(std::max(1u, std::thread::hardware_concurrency()));
  for (auto& thread : threads) thread = std::thread{work};
  for (auto& thread : threads) thread.join();
}

TEST_CASE("whatever happens: no fault stays behind unnoticed, and nothing unknown passes",
          "[seeds]") {
  const std::uint64_t only = number("MUSTER_SEED", 0);
  const std::uint64_t count = only ? 1 : number("MUSTER_SEEDS", 2000);
  std::map<std::string, std::uint64_t> results;
  std::map<std::uint64_t, std::vector<std::string>> bad;
  tell_many(
      only ? only : 1, [&](std::uint64_t told) { return told >= count; },
      [&](std::uint64_t seed, const Story& story) {
        ++results[story.result];
        if (only)
          for (const auto& line : story.journal) std::puts(line.c_str());
        if (!story.breaches.empty()) bad[seed] = story.breaches;
      });
  std::size_t shown = 0;
  for (const auto& [seed, breaches] : bad) {
    if (++shown > 10) break;
    INFO(replay(seed));
    CHECK(breaches == std::vector<std::string>{});
  }
  std::string all;
  for (const auto& [result, n] : results) all += fmt::format(" {} {}", n, result);
  if (bad.empty() && !only)
    CHECK(results.size() >= 6);  // the stories are varied enough to mean something
  INFO(all);
  CHECK(bad.size() == 0);
}

TEST_CASE("the same seed gives the same record, byte for byte", "[seeds]") {
  for (std::uint64_t seed = 1; seed <= 60; ++seed) {
    INFO(replay(seed));
    const Story once = tell(seed), again = tell(seed);
    CHECK(once.journal == again.journal);
    CHECK(once.judged == again.judged);
  }
}

TEST_CASE("stories for as long as there is time", "[.soak]") {
  using Stopwatch = std::chrono::steady_clock;
  const auto began = Stopwatch::now();
  const auto end = began + std::chrono::seconds{number("MUSTER_SOAK_S", 60)};
  const std::uint64_t from = number("MUSTER_SEED_FROM", 1);
  std::uint64_t told = 0, bad = 0, judged = 0;
  fmt::print("from={}\n", from);  // should it abort
  std::fflush(stdout);
  tell_many(
      from, [&](std::uint64_t) { return Stopwatch::now() >= end; },
      [&](std::uint64_t seed, const Story& story) {
        ++told;
        judged += story.judged;
        if (story.breaches.empty()) return;
        ++bad;
        fmt::print("{}\n  {}\n", story.breaches.front(), replay(seed));
        std::fflush(stdout);
      });
  const std::chrono::duration<double> length = Stopwatch::now() - began;
  fmt::print("seeds={} from={} per_second={:.0f} judged={} violations={}\n", told, from,
             static_cast<double>(told) / length.count(), judged, bad);
  CHECK(bad == 0);
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
