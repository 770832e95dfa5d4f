// One whole story, drawn from one seed: a drill, the weather, what happens to hosts, what people
// do, where the store fails or the runner dies, and the recovery after that. What must hold is
// judged on the way.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "tests/sim/world.hpp"

namespace muster::sim {

/// Four steps to seven of what the words can do; with and without a service, a fault on one host or
/// two.
plan::Plan draw_plan(Dice& dice);
/// Some have limits, something that must not be hurt, or both.
plan::Plan draw_guardrails(plan::Plan plan, Dice& dice);
/// Reboots, cut lines, frozen hosts, hosts that are off for a while, a database that fails over,
/// clocks that are set, a controller that sleeps, repairs by hand and aborts, within the first five
/// minutes.
void draw_happenings(World& world, Dice& dice);
/// Where the store fails once or for good, and where the runner dies.
void draw_store_faults(World& world, Dice& dice);
void people_write(World& world, Duration when);
Weather draw_weather(Dice& dice);

struct Story {
  std::vector<std::string> breaches;
  std::vector<std::string> journal;  // the bytes
  std::string result;
  std::uint64_t judged = 0;
  bool died = false;
};

/// Drill, perhaps deaths and recoveries, perhaps another controller. Equal seeds give equal
/// journals, byte for byte.
Story tell(std::uint64_t seed);

/// What must hold once the runner is dead: leases end, then it is recovered in calm weather.
void after_death(World& world, const std::string& run = "run-1");

}  // namespace muster::sim
