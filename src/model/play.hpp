// Playbooks in playbooks: a `play` step is taken apart into the steps of its playbook, so that
// nobody behind the loader sees one. Ids become `play-id/inner-id`; inputs and slots are replaced
// by what the play gives, answers are renamed like ids; places stay those of the inner file.
// Private to model/.
#pragma once
#include <vector>

#include "model/playbook.hpp"

namespace muster::model {

/// How deep plays may stand in each other, and how many steps may come of it.
constexpr std::size_t kPlaysDeepMax = 8;
constexpr std::size_t kPlayedStepsMax = 2000;

/// All of them, in place; cycles are reported whole. One with an error in a play loses that step.
void expand_plays(std::vector<Playbook>& playbooks, Diagnostics& out);

/// The plays of a drill's own body. `playbooks` are expanded.
void expand_plays(Playbook& body, const std::vector<Playbook>& playbooks, Diagnostics& out);

}  // namespace muster::model
