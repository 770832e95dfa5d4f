// The recovery host of pgbackrest_fake.hpp on the simulated fleet: its answers, with the time that
// they take.
#pragma once
#include "tests/sim/fleet.hpp"

namespace muster::sim {

void restore_answers(Fleet& fleet);

}  // namespace muster::sim
