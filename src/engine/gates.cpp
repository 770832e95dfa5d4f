// Where guardrails and freezes stand in the way of a run: before the warm-up, before the method,
// and whenever one stops it.
#include <utility>

#include "base/text.hpp"
#include "engine/machine_parts.hpp"
#include "journal/kinds.hpp"

namespace muster::engine {

/// Hosts are locked, nothing is touched yet.
void Machine::Parts::locked() {
  limits.preflight([this](const std::vector<std::string>& problems) {
    if (reverting) return;
    problems.empty() ? warm_up() : halt("preflight: " + joined(problems, "; "));
  });
}

/// The services are up. What is hurt already must not be blamed on the drill, nor be hurt more.
void Machine::Parts::before_the_first_effect() {
  guards.begin([this](const std::vector<std::string>& problems) {
    if (reverting) return;
    problems.empty() ? method() : halt("before the first effect: " + joined(problems, "; "));
  });
}

void Machine::Parts::guarded(const std::string& why) {
  if (over || core.state().result || !stopped.empty()) return;
  // Where nothing was even announced, nothing was run; unless the method is over.
  if (core.state().effects.empty() && !core.state().past_no_return() && !reverting)
    return halt(why);
  journal::Draft d = Core::draft(journal::kinds::kRequest);
  d.data = Json{{"what", "abort"}, {"reason", why}};
  core.record(std::move(d));
  reverting ? hurry(why) : halt(why);
}

/// As with a guardrail: what was begun is undone, though it is frozen.
void Machine::Parts::frozen(const std::string& why) {
  guarded("frozen: " + why);
}

}  // namespace muster::engine
