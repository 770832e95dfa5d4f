#include "history/closing.hpp"

#include <set>

#include "base/text.hpp"

namespace muster::history {
namespace {

constexpr std::size_t kWordBytesMax = 200;

std::string word(const std::string& text) {
  return bounded(printable(text), kWordBytesMax);
}

/// A list that takes so many, and counts the rest.
class Bounded {
 public:
  Bounded(std::size_t max, std::uint64_t& left_out) : max_{max}, left_out_{left_out} {}
  void add(Json item) {
    if (all_.size() < max_)
      all_.push_back(std::move(item));
    else
      ++left_out_;
  }
  Json all() && { return std::move(all_); }

 private:
  std::size_t max_;
  std::uint64_t& left_out_;
  Json all_ = Json::array();
};

/// As `measured` has them, without the sentences.
Json objectives_of(const journal::RunState& state, std::uint64_t& left_out) {
  Bounded out{kObjectivesMax, left_out};
  for (const auto& entry : state.measured) {
    if (!entry.data.is_object() || !entry.data.contains("objectives")) continue;
    for (const auto& one : entry.data.at("objectives")) {
      if (!one.is_object()) continue;
      Json kept = Json::object();
      for (const char* key : {"objective", "service", "met", "actual", "limit", "lost", "lost_max"})
        if (one.contains(key)) kept[key] = one.at(key);
      out.add(std::move(kept));
    }
  }
  return std::move(out).all();
}

Json hosts_of(const journal::RunState& state, std::uint64_t& left_out) {
  std::set<std::string> names;
  for (const auto& [slot, hosts] : state.targets) names.insert(hosts.begin(), hosts.end());
  for (const auto& effect : state.effects) names.insert(effect.host);
  Bounded out{kHostsMax, left_out};
  for (const auto& name : names) out.add(word(name));
  return std::move(out).all();
}

/// Those that were injected; a fault that was only announced exercised nothing.
Json effects_of(const journal::RunState& state, bool restores, std::uint64_t& left_out) {
  Bounded out{restores ? kRestoresMax : kFaultsMax, left_out};
  std::set<std::string> seen;
  for (const auto& effect : state.effects) {
    if (effect.restore != restores || !(effect.injected_once || effect.proven)) continue;
    Json one{{restores ? "provider" : "fault", word(effect.script)},
             {"host", word(effect.host)},
             {"end", journal::name_of(effect.status)},
             {"proven", effect.proven}};
    if (restores) {
      const auto step = state.steps.find(effect.step);
      if (step != state.steps.end()) one["step"] = journal::name_of(step->second.status);
    }
    if (seen.insert(one.dump()).second) out.add(std::move(one));
  }
  return std::move(out).all();
}

Json roles_of(const journal::RunState& state, std::uint64_t& left_out) {
  Bounded out{kRolesMax, left_out};
  std::set<std::string> seen;
  for (const auto& tenure : state.tenures) {
    Json one{{"role", word(tenure.role)}, {"person", word(tenure.holder)}};
    if (!tenure.holder.empty() && seen.insert(one.dump()).second) out.add(std::move(one));
  }
  return std::move(out).all();
}

}  // namespace

Json closing_of(const journal::RunState& state) {
  std::uint64_t left_out = 0;
  Json out{{"objectives", objectives_of(state, left_out)},
           {"hosts", hosts_of(state, left_out)},
           {"faults", effects_of(state, false, left_out)},
           {"restores", effects_of(state, true, left_out)},
           {"roles", roles_of(state, left_out)}};
  if (state.opened_at && state.closed_at)
    out["took_ns"] = journal::json_ns(ns(*state.closed_at - *state.opened_at));
  if (left_out > 0) out["left_out"] = left_out;
  return out;
}

}  // namespace muster::history
