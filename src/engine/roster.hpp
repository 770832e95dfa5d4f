// What people do to a run without being asked: hand roles over, and write down what happens.
// Internal to engine/.
#pragma once
#include <cstddef>
#include <string>

#include "engine/core.hpp"
#include "engine/people.hpp"

namespace muster::engine {

/// Limits of one run: whoever can write to the record cannot fill the disk with it.
inline constexpr std::size_t kNotesMax = 1000;
inline constexpr std::size_t kHandoversMax = 100;

/// At the opening: one role.assumed a role.
void record_roster(Core& core);
/// Of take_role and hand_role: "" when it was taken, else why not.
std::string hand_over(Core& core, const Request& request);
/// Of note: the same.
std::string write_down(Core& core, const Request& request);

}  // namespace muster::engine
