#include "plan/plan.hpp"

#include <algorithm>
#include <array>

namespace muster::plan {

std::string_view word_of(const Action& action) {
  constexpr std::array<std::string_view, 11> words{"inject", "revert", "restore", "teardown",
                                                   "check",  "wait",   "run",     "ask",
                                                   "tell",   "pause",  "mark"};
  return words[action.index()];
}

const Slot* Plan::slot(std::string_view name) const {
  const auto it =
      std::find_if(slots.begin(), slots.end(), [&](const auto& s) { return s.name == name; });
  return it == slots.end() ? nullptr : &*it;
}

const Service* Plan::service(std::string_view name) const {
  const auto it =
      std::find_if(services.begin(), services.end(), [&](const auto& s) { return s.name == name; });
  return it == services.end() ? nullptr : &*it;
}

const std::string& Plan::armed_at(const Script& script, const std::string& host) const {
  return script.healer == catalogue::Healer::guardian ? guardian : host;
}

Digest content_hash(const Plan& plan) {
  const auto bytes = canonical_json(to_json(plan));
  return sha256(
      bytes.value());  // a plan holds texts and integers only, so it always has canonical bytes
}

}  // namespace muster::plan
