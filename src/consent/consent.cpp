#include "consent/consent.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"

namespace muster::consent {
namespace {

/// Of clocks: an approval that was signed later than now was signed elsewhere, or is a trick.
constexpr Duration kAhead = std::chrono::minutes{5};

bool is_in(const std::vector<std::string>& list, const std::string& word) {
  return std::find(list.begin(), list.end(), word) != list.end();
}

std::string minute(WallTime t) {
  return format_utc(t).substr(0, 16) + "Z";
}

/// The compiler has refused it already; a plan that came another way is looked at too.
void denied(const Question& q, const plan::Demand& demand, Consent& out) {
  const auto look = [&](const plan::Step& step, const std::string& name) {
    if (denied_by(demand, name).empty()) return;
    out.missing.push_back(Error{fmt::format("the policy of {} denies {} (step \"{}\")",
                                            demand.environment, name, step.name),
                                "inventory/policy.yaml says so"});
  };
  for (const auto& step : q.plan.steps) {
    if (const auto* inject = std::get_if<plan::Inject>(&step.action)) look(step, inject->fault);
    if (const auto* restore = std::get_if<plan::Restore>(&step.action))
      look(step, restore->provider);
    if (std::holds_alternative<plan::Run>(step.action)) look(step, "command");
  }
}

/// Why it does not count, or "".
std::string why_not(const Question& q, const plan::Demand& demand, const Approval& approval) {
  const auto& said = approval.said;
  const auto can = approvers(q.plan, demand);
  const bool may = std::any_of(can.begin(), can.end(),
                               [&](const auto* person) { return person->id == said.person; });
  if (!may) return fmt::format("{} is in none of the teams", said.person);
  if (said.plan != q.hash || said.drill != q.plan.drill)
    return fmt::format("that of {} is of another plan", said.person);
  if (said.store != q.store) return fmt::format("that of {} is for another record", said.person);
  if (approval.withdrawn) return fmt::format("that of {} was withdrawn", said.person);
  if (said.at > q.now + kAhead) return fmt::format("that of {} lies ahead", said.person);
  if (good_until(approval, demand) <= q.now)
    return fmt::format("that of {} ran out at {}", said.person,
                       minute(good_until(approval, demand)));
  if (said.person == q.starter.person)
    return fmt::format("{} starts it, and nobody approves what they start", said.person);
  return {};
}

void approved(const Question& q, const plan::Demand& demand, Consent& out) {
  if (demand.need == 0) return;
  std::vector<std::string> have, shown, not_counted;
  for (const auto& approval : q.approvals) {
    const auto& person = approval.said.person;
    if (is_in(have, person)) continue;
    if (auto why = why_not(q, demand, approval); !why.empty()) {
      if (!is_in(not_counted, why)) not_counted.push_back(std::move(why));
      continue;
    }
    have.push_back(person);
    shown.push_back(fmt::format("{} until {}", person, minute(good_until(approval, demand))));
    const bool cited = std::any_of(out.stands_on.begin(), out.stands_on.end(),
                                   [&](const auto& a) { return a.said.person == person; });
    if (!cited) out.stands_on.push_back(approval);
    if (have.size() == demand.need) return;
  }
  std::vector<std::string> could;
  for (const auto* person : approvers(q.plan, demand))
    if (!is_in(have, person->id) && person->id != q.starter.person) could.push_back(person->id);
  std::string what =
      fmt::format("the policy of {} wants {} of {} to approve this plan, and {}",
                  demand.environment, demand.need, joined(demand.from, ", "),
                  have.empty() ? "nobody has"
                               : fmt::format("{} ({})", have.size() == 1 ? "one has" : "some have",
                                             joined(shown, ", ")));
  if (!not_counted.empty()) what += "; does not count: " + joined(not_counted, "; ");
  out.missing.push_back(Error{
      what, could.empty()
                ? "nobody is left who could: people.yaml must have more of them, with a key"
                : fmt::format("{} of {}: muster approve {} --plan {}", demand.need - have.size(),
                              joined(could, ", "), q.plan.drill, q.hash.substr(0, 16))});
}

/// Who starts it must be known where approvals are wanted: nobody could tell their own otherwise.
void started(const Question& q, Consent& out) {
  if (!q.starter.is_person) return;
  const auto any = [&](auto&& wants) {
    return std::any_of(q.plan.policy.begin(), q.plan.policy.end(), wants);
  };
  const auto command = fmt::format("muster run {} --sign", q.plan.drill);
  if (any([](const auto& d) { return d.signed_key; }) && !q.starter.has_signed)
    out.missing.push_back(
        Error{"the policy wants the start to be signed with your SSH key", command});
  else if (any([](const auto& d) { return d.need > 0; }) && q.starter.person.empty())
    out.missing.push_back(
        Error{fmt::format("the policy wants approvals, and {} is nobody of people.yaml: whether "
                          "you approved it yourself could not be told",
                          q.starter.principal),
              command + ", or the `unix` of your person in people.yaml"});
}

void witnessed(const Question& q, Consent& out) {
  const auto it = std::find_if(q.plan.policy.begin(), q.plan.policy.end(),
                               [](const auto& d) { return d.witness; });
  if (it == q.plan.policy.end()) return;
  if (q.witnesses.strong == 0)
    out.missing.push_back(
        Error{fmt::format("the policy of {} wants a witness, and inventory/witnesses.yaml has none "
                          "with `kept_by`",
                          it->environment),
              "docs/audit.md tells how somebody else keeps the record's checkpoints"});
  else if (!q.witnesses.untold.empty())
    out.missing.push_back(Error{fmt::format("the policy of {} wants a witness, and {}",
                                            it->environment, q.witnesses.untold),
                                "mend the way to it, then run it again"});
}

}  // namespace

std::vector<const plan::Person*> approvers(const plan::Plan& plan, const plan::Demand& demand) {
  std::vector<const plan::Person*> out;
  for (const auto* people : {&plan.people, &plan.approvers})
    for (const auto& person : *people)
      if (!person.service && !person.ssh_key.empty() &&
          std::any_of(demand.from.begin(), demand.from.end(),
                      [&](const auto& team) { return is_in(person.teams, team); }))
        out.push_back(&person);
  return out;
}

WallTime good_until(const Approval& approval, const plan::Demand& demand) {
  return std::min(approval.said.expires, approval.said.at + demand.valid);
}

std::optional<Error> unallowed_production(const plan::Plan& plan, bool allowed) {
  const auto speaks = std::any_of(plan.policy.begin(), plan.policy.end(),
                                  [](const auto& d) { return d.environment == "production"; });
  if (speaks || allowed) return std::nullopt;
  std::vector<std::string> names;
  for (const auto& slot : plan.slots)
    names.insert(names.end(), slot.hosts.begin(), slot.hosts.end());
  // A question of the drill's own is a command that runs there.
  for (const auto& limit : plan.limits)
    if (limit.healthy) names.insert(names.end(), limit.hosts.begin(), limit.hosts.end());
  for (const auto& name : names)
    if (plan.hosts.at(name).environment == "production")
      return Error{
          fmt::format("{} is production (a host without `muster_environment` is, too)", name),
          "say --allow-production when that is what you mean"};
  return std::nullopt;
}

Consent consent(const Question& q) {
  Consent out;
  if (const auto refused = unallowed_production(q.plan, q.allow_production))
    out.missing.push_back(*refused);
  for (const auto& demand : q.plan.policy) {
    denied(q, demand, out);
    approved(q, demand, out);
  }
  started(q, out);
  witnessed(q, out);
  return out;
}

Json told(const Consent& consent) {
  Json out;
  for (const auto& approval : consent.stands_on) {
    Json j{{"person", approval.said.person},
           {"given", format_utc(approval.said.at)},
           {"until", format_utc(approval.said.expires)},
           {"entry", approval.seq}};
    if (!approval.said.note.empty()) j["note"] = approval.said.note;
    put(j, approval.proof);
    out.push_back(std::move(j));
  }
  return out;
}

}  // namespace muster::consent
