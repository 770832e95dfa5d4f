#include "plan/plan.hpp"

#include <algorithm>
#include <array>

namespace muster::plan {

std::string_view word_of(const Action& action) {
  constexpr std::array<std::string_view, 12> words{"inject", "revert", "restore", "teardown",
                                                   "check",  "wait",   "run",     "ask",
                                                   "tell",   "pause",  "mark",    "approve"};
  return words[action.index()];
}

namespace {

template <class T>
const T* found(const std::vector<T>& all, std::string T::*key, std::string_view is) {
  const auto it = std::find_if(all.begin(), all.end(), [&](const T& t) { return t.*key == is; });
  return it == all.end() ? nullptr : &*it;
}

}  // namespace

const Slot* Plan::slot(std::string_view name) const {
  return found(slots, &Slot::name, name);
}

const Service* Plan::service(std::string_view name) const {
  return found(services, &Service::name, name);
}

const Role* Plan::role(std::string_view name) const {
  return found(roles, &Role::name, name);
}

const Person* Plan::person(std::string_view id) const {
  return found(people, &Person::id, id);
}

const Person* Plan::anybody(std::string_view id) const {
  const Person* one = person(id);
  return one ? one : found(approvers, &Person::id, id);
}

bool Plan::needs_signatures() const {
  return std::any_of(policy.begin(), policy.end(), [](const Demand& d) { return d.signed_key; });
}

const Step* Plan::step(std::string_view id) const {
  const Step* step = found(steps, &Step::id, id);
  return step ? step : found(ends, &Step::id, id);
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
