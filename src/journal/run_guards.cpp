#include "journal/run_guards.hpp"

#include "journal/data.hpp"
#include "journal/kinds.hpp"
#include "journal/run_state.hpp"

namespace muster::journal {

std::string fold_guards(RunState& s, const Entry& e) {
  if (e.action == kinds::kGuardrailCounted) {
    s.counted.push_back(e);
    return {};
  }
  const std::string name = text_in(e.data, "name");
  if (name.empty()) return "it names no guardrail";
  auto& guard = s.guards[name];
  if (!guard.asked) guard.asked = e.at;
  if (e.action == kinds::kGuardrailHolds) {
    guard.is = GuardState::Is::holds;
    guard.since.reset();
    guard.why.clear();
    guard.evidence.clear();
    return {};
  }
  guard.is = e.outcome == "no" ? GuardState::Is::fails : GuardState::Is::unknown;
  if (e.data.is_object() && e.data.contains("since"))
    if (const auto n = ns_from_json(e.data.at("since"))) guard.since = instant(*n);
  guard.why = text_in(e.data, "why");
  guard.evidence = text_in(e.data, "evidence");
  guard.fired = guard.fired || e.action == kinds::kGuardrailFired;
  return {};
}

}  // namespace muster::journal
