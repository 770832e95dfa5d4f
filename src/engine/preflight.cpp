#include "engine/preflight.hpp"

#include <fmt/format.h>

#include <memory>

#include "base/text.hpp"
#include "engine/hosts.hpp"
#include "journal/kinds.hpp"
#include "plan/calls.hpp"
#include "plan/gate.hpp"

namespace muster::engine {

namespace kinds = journal::kinds;
using ports::Answer;
using ports::Said;
using ports::Verb;

std::map<std::string, Preflight::Needs> Preflight::needs() const {
  std::map<std::string, Needs> out;
  const plan::Plan& plan = core_.plan();
  plan::each_slot_use(plan, [&](const std::string& slot, const plan::Script* script) {
    for (const auto& host : plan.slot(slot)->hosts) {
      out[host];
      if (!script) continue;
      Needs& at = out[plan.armed_at(*script, host)];
      at.tools.insert(script->tools.begin(), script->tools.end());
      at.effects = true;
    }
  });
  // The candidates of a slot are asked for their role even when only its address is used.
  for (const auto& slot : plan.slots)
    if (slot.role)
      for (const auto& host : slot.hosts) out[host];
  return out;
}

void Preflight::begin(std::function<void(std::vector<std::string>)> done) {
  done_ = std::move(done);
  needs_ = needs();
  refuse_protected();
  if (!problems_.empty()) return done_(problems_);
  pending_ = needs_.size();
  if (needs_.empty()) return ask_roles();
  ask_facts();
}

/// No plan that was compiled names one: this is for a plan that came from elsewhere.
void Preflight::refuse_protected() {
  const auto refuse = [this](const std::string& host) {
    if (core_.plan().hosts.at(host).is_protected)
      problems_.push_back(host + " is protected: nothing may touch it, nor ask it");
  };
  for (const auto& [host, need] : needs_) refuse(host);
  for (const auto& limit : core_.plan().limits)
    for (const auto& host : limit.hosts) refuse(host);
}

void Preflight::ask_facts() {
  for (const auto& [host, need] : needs_) {
    ports::Call call;
    call.host = core_.plan().hosts.at(host).address;
    call.verb = Verb::facts;
    std::vector<std::string> tools{need.tools.begin(), need.tools.end()};
    call.values["tools"] = joined(tools, " ");
    core_.call(std::move(call), false,
               [this, name = host](const Answer& answer) { facts_answered(name, answer); });
  }
}

std::vector<std::string> Preflight::judge_facts(const std::string& host,
                                                const Answer& answer) const {
  std::vector<std::string> out;
  if (answer.said != Said::yes) {
    std::string text = evidence_text(answer.output);
    if (const auto named = host + ": "; text.starts_with(named)) text.erase(0, named.size());
    out.push_back(fmt::format("{} cannot be asked: {}", host,
                              text.empty() ? ports::name_of(answer.said) : text));
    return out;
  }
  const auto facts = fields_of(answer.evidence);
  const auto& store = core_.settings().store;
  for (const auto& tool : needs_.at(host).tools)
    if (fact(facts, "tool." + tool) != "yes")
      out.push_back(fmt::format("{} has no `{}`, which the plan needs there", host, tool));
  if (const auto wrong = wrong_gate(host, facts); !wrong.empty()) out.push_back(wrong);
  if (fact(facts, "machine_id").empty())
    out.push_back(fmt::format("{} does not tell its machine-id", host));
  if (is_locked(facts, core_.settings().context.run) && touched().contains(host))
    out.push_back(locked_by(host, facts, store));
  for (const auto& [key, value] : facts)
    if (key.starts_with("effect.") && needs_.at(host).effects &&
        !is_forgotten(facts, key.substr(7), store))
      out.push_back(in_the_way(host, key.substr(7), facts, store));
  return out;
}

/// A host with a gate does what that gate holds: it must be the one that this plan makes.
std::string Preflight::wrong_gate(const std::string& host, const Facts& facts) const {
  const plan::Plan& plan = core_.plan();
  if (plan.hosts.at(host).address.gate.empty()) return {};
  const auto id = plan::gate_id(plan, host);
  if (!id) return to_string(id.error());
  const auto has = fact(facts, "gate." + plan.drill);
  if (has == *id) return {};
  return fmt::format(
      "{}: its gate {} {}; `muster sudoers {} --host {} --dir DIR` writes the right one, and its "
      "sudoers rule",
      host, plan.hosts.at(host).address.gate,
      has.empty() ? "does not know this drill"
                  : "is of another plan of this drill, or of another "
                    "Muster",
      plan.drill, host);
}

void Preflight::facts_answered(const std::string& host, const Answer& answer) {
  const auto found = judge_facts(host, answer);
  const auto facts = fields_of(answer.evidence);
  core_.record(facts_entry(core_, host, answer, found));
  problems_.insert(problems_.end(), found.begin(), found.end());
  effects_.note_uptime(host, answer);
  if (found.empty() && needs_.at(host).effects)
    for (const auto& [key, value] : facts)
      if (key.starts_with("effect.") && is_forgotten(facts, key.substr(7), core_.settings().store))
        forget_old(host, key.substr(7));
  all_facts();
}

void Preflight::forget_old(const std::string& host, const std::string& effect) {
  ports::Call call;
  call.host = core_.plan().hosts.at(host).address;
  call.verb = Verb::disarm;
  call.effect = effect;
  call.values = {{"store", core_.settings().store}, {"tidy", "yes"}};
  ++pending_;
  core_.call(std::move(call), false, [this, host, effect](const Answer& answer) {
    if (answer.said != Said::yes)
      problems_.push_back(fmt::format(
          "{} still carries the mark of an effect that is proven undone ({}), and it could not be "
          "removed; {}",
          host, effect, told(answer)));
    all_facts();
  });
}

void Preflight::all_facts() {
  if (--pending_ > 0) return;
  same_machine_twice();
  if (!problems_.empty()) return done_(problems_);
  ask_roles();
}

void Preflight::same_machine_twice() {
  std::map<std::string, std::string> seen;
  for (const auto& [host, state] : core_.state().hosts) {
    if (host == core_.plan().guardian) continue;
    const auto it = state.facts.find("machine_id");
    if (it == state.facts.end()) continue;
    const auto [first, added] = seen.emplace(it->second, host);
    if (!added)
      problems_.push_back(fmt::format(
          "{} and {} are the same machine (machine-id {}): an effect would hit both names",
          first->second, host, it->second));
  }
}

void Preflight::ask_roles() {
  std::size_t asked = 0;
  for (const auto& slot : core_.plan().slots) {
    chosen_[slot.name] = slot.hosts;
    if (slot.role) asked += 1;
  }
  pending_ = asked;
  if (asked == 0) return bind_targets();
  for (const auto& slot : core_.plan().slots) {
    if (!slot.role) continue;
    struct Poll {
      std::vector<std::string> yes, unsure;
      std::size_t left;
    };
    auto poll = std::make_shared<Poll>(Poll{{}, {}, slot.hosts.size()});
    for (const auto& host : slot.hosts)
      core_.call(question_call(core_, *slot.role, host), false,
                 [this, &slot, host, poll](const Answer& answer) {
                   if (answer.said == Said::yes) poll->yes.push_back(host);
                   if (answer.said != Said::yes && answer.said != Said::no)
                     poll->unsure.push_back(host);
                   if (--poll->left == 0) role_asked(slot, poll->yes, poll->unsure);
                 });
  }
}

void Preflight::role_asked(const plan::Slot& slot, std::vector<std::string> yes,
                           std::vector<std::string> unsure) {
  if (yes.size() == 1 && unsure.empty()) {
    chosen_[slot.name] = yes;
  } else if (!unsure.empty()) {
    problems_.push_back(fmt::format("target {}: {} could not say whether it is the one", slot.name,
                                    joined(unsure, ", ")));
  } else {
    problems_.push_back(fmt::format("target {}: {} of {} hosts are the one, exactly 1 must be{}",
                                    slot.name, yes.size(), slot.hosts.size(),
                                    yes.empty() ? "" : " (" + joined(yes, ", ") + ")"));
  }
  if (--pending_ == 0) problems_.empty() ? bind_targets() : done_(problems_);
}

void Preflight::bind_targets() {
  journal::Draft d = Core::draft(kinds::kRunTargets);
  d.data = Json::object();
  for (const auto& [slot, hosts] : chosen_) {
    d.data[slot] = hosts;
    if (hosts.size() == 1) plan::bind_slot(core_.bindings(), slot, core_.plan().hosts.at(hosts[0]));
  }
  core_.record(std::move(d));
  const auto lock = touched();
  // Sorted, so that two runs that want the same hosts cannot each hold one of them.
  to_lock_.assign(lock.rbegin(), lock.rend());
  // The guardian serves many runs and is not locked; what this one keeps there goes with its locks.
  if (needs_.contains(core_.plan().guardian)) locked_.push_back(core_.plan().guardian);
  lock_next();
}

/// The hosts that a step works on: of a slot of which only the address is used none is. Before the
/// roles are known these are all that may be it.
std::set<std::string> Preflight::touched() const {
  std::set<std::string> out;
  plan::each_slot_use(core_.plan(), [&](const std::string& slot, const plan::Script*) {
    const auto it = chosen_.find(slot);
    const auto& hosts = it == chosen_.end() ? core_.plan().slot(slot)->hosts : it->second;
    out.insert(hosts.begin(), hosts.end());
  });
  return out;
}

void Preflight::confirm_role(const std::string& name,
                             std::function<void(bool, const std::string&)> done) {
  const plan::Slot* slot = core_.plan().slot(name);
  if (!slot->role) return done(true, {});
  const std::string host = hosts_of(name).front();
  core_.call(question_call(core_, *slot->role, host), false,
             [name, host, done = std::move(done)](const Answer& answer) {
               if (answer.said == Said::yes) return done(true, {});
               done(false,
                    fmt::format("{} is no longer the {} ({}): the role moved since preflight", host,
                                name, ports::name_of(answer.said)));
             });
}

const std::vector<std::string>& Preflight::hosts_of(const std::string& slot) const {
  return chosen_.at(slot);
}

}  // namespace muster::engine
