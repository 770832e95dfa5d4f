#include "measure/verdict.hpp"

#include <algorithm>
#include <array>

namespace muster::measure {
namespace {

constexpr std::array<std::string_view, 6> kResults{"PASS",    "FAIL",    "INCONCLUSIVE",
                                                   "INVALID", "NOT_RUN", "ABORTED"};
constexpr const char* kDirty = "not proven undone: ";
constexpr const char* kChanged = "differs from before: ";
constexpr std::array<std::string_view, 3> kStates{"clean", "changed", "dirty"};
constexpr std::array<int, 6> kExitCodes{0, 1, 3, 4, 5, 5};
constexpr int kExitDirty = 6;

using Reasons = std::vector<std::string>;

void append(Reasons& to, const Reasons& from) {
  to.insert(to.end(), from.begin(), from.end());
}

void append(Reasons& to, std::string_view prefix, const Reasons& from) {
  for (const auto& r : from) to.push_back(std::string{prefix} + r);
}

std::string text_of(const Judgement& j) {
  const auto& of = j.alert.empty() ? j.service : j.alert;
  std::string text = of.empty() ? "" : of + ": ";
  return text + std::string{name(j.kind)} + ": " + j.reason;
}

std::string text_of(const CheckFact& c) {
  std::string text = c.held == Held::yes  ? "held: "
                     : c.held == Held::no ? "did not hold: "
                                          : "not evaluated: ";
  text += c.name;
  return c.why.empty() ? text : text + " (" + c.why + ")";
}

/// What speaks for each result, in the reader's order.
struct Evidence {
  Reasons invalid, fail, open, good;
  bool objective_missed = false;
};

Evidence weigh(const VerdictFacts& f) {
  Evidence e;
  append(e.invalid, "fault not proven: ", f.unproven_faults);
  append(e.invalid, "expected outage not seen: ", f.outages_not_seen);
  append(e.invalid, "negative control passed: ", f.controls_passed);
  for (const auto& j : f.objectives) {
    Reasons& side = j.met == Met::yes ? e.good : j.met == Met::no ? e.fail : e.open;
    side.push_back(text_of(j));
    e.objective_missed = e.objective_missed || j.met == Met::no;
  }
  for (const auto& c : f.checks) {
    Reasons& side = c.held == Held::yes ? e.good : c.held == Held::no ? e.fail : e.open;
    side.push_back(text_of(c));
  }
  append(e.fail, "undeclared outage: ", f.undeclared_outages);
  append(e.fail, "step failed: ", f.failed_steps);
  append(e.open, "unknown: ", f.unknowns);
  append(e.open, "not done: ", f.not_done);
  if (e.invalid.empty() && e.fail.empty() && e.open.empty() && e.good.empty())
    e.open.emplace_back("nothing was judged: the drill has no objective and no check");
  return e;
}

DrillResult result_of(const VerdictFacts& f, const Evidence& e) {
  if (f.not_run) return DrillResult::not_run;
  if (f.aborted)
    return e.objective_missed && e.invalid.empty() ? DrillResult::fail : DrillResult::aborted;
  if (!e.invalid.empty()) return DrillResult::invalid;
  if (!e.fail.empty()) return DrillResult::fail;
  return e.open.empty() ? DrillResult::pass : DrillResult::inconclusive;
}

Reasons reasons_of(const VerdictFacts& f, const Evidence& e, DrillResult result) {
  Reasons reasons;
  if (f.not_run) return {*f.not_run};
  if (result == DrillResult::fail) append(reasons, e.fail);
  if (f.aborted) reasons.push_back("stopped: " + *f.aborted);
  append(reasons, e.invalid);
  if (result != DrillResult::fail) append(reasons, e.fail);
  append(reasons, e.open);
  if (result == DrillResult::pass) append(reasons, e.good);
  return reasons;
}

template <class T, std::size_t N>
std::optional<T> from_name(const std::array<std::string_view, N>& names, std::string_view name) {
  const auto at = std::find(names.begin(), names.end(), name);
  if (at == names.end()) return std::nullopt;
  return static_cast<T>(at - names.begin());
}

}  // namespace

std::string_view name(DrillResult r) {
  return kResults[static_cast<std::size_t>(r)];
}
std::string_view name(DrillState s) {
  return kStates[static_cast<std::size_t>(s)];
}
std::optional<DrillResult> drill_result(std::string_view name) {
  return from_name<DrillResult>(kResults, name);
}
std::optional<DrillState> drill_state(std::string_view name) {
  return from_name<DrillState>(kStates, name);
}

int exit_code(DrillResult result, DrillState state) {
  return state == DrillState::dirty ? kExitDirty : kExitCodes[static_cast<std::size_t>(result)];
}

Verdict verdict(const VerdictFacts& facts) {
  const Evidence evidence = weigh(facts);
  Verdict v;
  v.result = result_of(facts, evidence);
  v.state = !facts.dirty.empty()     ? DrillState::dirty
            : !facts.changed.empty() ? DrillState::changed
                                     : DrillState::clean;
  v.reasons = reasons_of(facts, evidence, v.result);
  append(v.reasons, kDirty, facts.dirty);
  append(v.reasons, kChanged, facts.changed);
  v.exit_code = exit_code(v.result, v.state);
  return v;
}

Verdict judged_before(Verdict now, DrillResult result, const std::vector<std::string>& reasons) {
  const auto of_state = [](const std::string& reason) {
    return reason.starts_with(kDirty) || reason.starts_with(kChanged);
  };
  std::erase_if(now.reasons, [&](const auto& reason) { return !of_state(reason); });
  Reasons kept = reasons;
  std::erase_if(kept, of_state);
  now.reasons.insert(now.reasons.begin(), kept.begin(), kept.end());
  now.result = result;
  now.exit_code = exit_code(now.result, now.state);
  return now;
}

}  // namespace muster::measure
