#include "model/policy.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "config/map.hpp"
#include "model/with_shapes.hpp"

namespace muster::model {
namespace {

constexpr std::size_t kDenyMax = 100;
constexpr Duration kValidMax = std::chrono::days{90};

bool is_in(const std::vector<std::string>& list, const std::string& word) {
  return std::find(list.begin(), list.end(), word) != list.end();
}

std::optional<ApprovalsDemand> read_approvals(const config::Node& node, Diagnostics& out) {
  config::Map map{node, approvals_demand_shape(), out};
  ApprovalsDemand demand;
  demand.place = node.place;
  demand.need = static_cast<int>(map.required<std::int64_t>("need"));
  demand.from = map.required<std::vector<std::string>>("from");
  demand.valid = map.or_default<Duration>("valid");
  map.finish();
  if (map.has("from") && demand.from.empty())
    out.error(map.value_place("from"), "`from` names no team: nobody could approve");
  if (demand.valid <= Duration::zero() || demand.valid > kValidMax)
    out.error(map.value_place("valid"),
              fmt::format("an approval is valid for up to {}, found {}", format_duration(kValidMax),
                          format_duration(demand.valid)));
  return demand;
}

/// A word without a wildcard that is nearly a name is a misspelt one: it would deny nothing. One
/// that is no name at all may be of a fault to come.
void check_deny(const std::vector<std::string>& deny, const Place& place, Diagnostics& out) {
  auto names = fault_names();
  for (const auto& restore : restore_names()) names.push_back(restore);
  names.emplace_back("command");
  for (const auto& glob : deny) {
    if (glob.find_first_of("*?[") != std::string::npos || is_in(names, glob)) continue;
    if (const auto near = nearest(glob, names); !near.empty())
      out.error(place, fmt::format("`{}` is no fault and no restore provider", glob),
                fmt::format("did you mean `{}`?", near));
  }
  if (deny.size() > kDenyMax)
    out.error(place, fmt::format("`deny` holds more than {} entries", kDenyMax));
}

EnvironmentPolicy read_environment(const config::Entry& entry, Diagnostics& out) {
  config::Map map{entry.value, environment_policy_shape(), out};
  EnvironmentPolicy policy;
  policy.environment = {entry.key, entry.place};
  if (const auto* node = map.get("approvals")) policy.approvals = read_approvals(*node, out);
  policy.signed_key = map.word<bool>("assurance", {{"os-user", false}, {"signed-key", true}});
  if (const auto* node = map.get("at_most")) policy.at_most = read_at_most(*node, out);
  policy.witness = map.word<bool>("witness", {{"required", true}, {"optional", false}});
  policy.deny = map.or_default<std::vector<std::string>>("deny");
  check_deny(policy.deny, map.value_place("deny"), out);
  map.finish();
  return policy;
}

}  // namespace

const EnvironmentPolicy* Policy::of(std::string_view environment) const {
  const auto it = std::find_if(environments.begin(), environments.end(),
                               [&](const auto& e) { return *e.environment == environment; });
  return it == environments.end() ? nullptr : &*it;
}

void read_policy(const config::Node& node, Policy& policy, Diagnostics& out) {
  config::Map map{node, policy_shape(), out};
  for (const auto& key : policy_shape().keys) {
    if (!map.get(key.name)) continue;
    for (const auto& entry : node.entries) {
      if (entry.key != key.name) continue;
      if (const auto* other = policy.of(entry.key))
        out.error(entry.place, fmt::format("the policy of {} stands in two files", entry.key),
                  "the other one: " + config::to_string(other->environment.place));
      else
        policy.environments.push_back(read_environment(entry, out));
    }
  }
  map.finish();
}

std::vector<const Person*> approvers_in(const People& people,
                                        const std::vector<std::string>& teams) {
  std::vector<const Person*> found;
  for (const auto& person : people.persons)
    if (!person.ssh_key.empty() && !person.service &&
        std::any_of(teams.begin(), teams.end(),
                    [&](const auto& team) { return is_in(person.teams, team); }))
      found.push_back(&person);
  return found;
}

void check_approvers(const People& people, const std::vector<std::string>& teams, int need,
                     const Place& place, Diagnostics& out) {
  if (teams.empty()) return;  // that is told where it stands
  std::vector<std::string> known;
  for (const auto& person : people.persons)
    for (const auto& team : person.teams) known.push_back(team);
  bool all_known = true;
  for (const auto& team : teams)
    if (!is_in(known, team)) {
      out.unknown(place, fmt::format("nobody is in the team `{}`", team), team, known);
      all_known = false;
    }
  const auto can = approvers_in(people, teams).size();
  if (all_known && can < static_cast<std::size_t>(need))
    out.error(place,
              fmt::format("{} must approve, and {} of {} can: who approves has an `ssh_key` in "
                          "people.yaml, and is no service",
                          need, can, joined(teams, ", ")),
              "give them keys, or demand fewer");
}

void check_policy(const Policy& policy, const People& people, Diagnostics& out) {
  for (const auto& environment : policy.environments)
    if (const auto& approvals = environment.approvals)
      check_approvers(people, approvals->from, approvals->need, approvals->place, out);
}

}  // namespace muster::model
