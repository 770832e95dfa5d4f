#include "engine/preflight.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <memory>

#include "base/text.hpp"
#include "engine/hosts.hpp"
#include "journal/kinds.hpp"

namespace muster::engine {

namespace kinds = journal::kinds;
using ports::Answer;
using ports::Said;
using ports::Verb;

namespace {

/// The slots that steps name, so that a host that no step touches is not asked.
template <class F>
void each_slot_use(const plan::Plan& plan, F&& f) {
  const auto condition = [&](const plan::Step& step, const plan::Condition& c) {
    if (const auto* holds = std::get_if<plan::CommandHolds>(&c)) f(step, holds->slot, nullptr);
  };
  for (const auto* steps : {&plan.steps, &plan.ends})
    for (const auto& step : *steps) {
      if (const auto* a = std::get_if<plan::Inject>(&step.action))
        f(step, a->slot, &plan.scripts.at(a->fault));
      if (const auto* a = std::get_if<plan::Restore>(&step.action))
        f(step, a->slot, &plan.scripts.at(a->provider));
      if (const auto* a = std::get_if<plan::Run>(&step.action))
        f(step, a->slot, a->undo.empty() ? nullptr : &plan.scripts.at("command"));
      if (const auto* a = std::get_if<plan::Check>(&step.action)) condition(step, a->condition);
      if (const auto* a = std::get_if<plan::Wait>(&step.action)) condition(step, a->condition);
    }
}

}  // namespace

std::map<std::string, Preflight::Needs> Preflight::needs() const {
  std::map<std::string, Needs> out;
  const plan::Plan& plan = core_.plan();
  each_slot_use(plan, [&](const plan::Step&, const std::string& slot, const plan::Script* script) {
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
  pending_ = needs_.size();
  if (needs_.empty()) return ask_roles();
  ask_facts();
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
    const std::string text = evidence_text(answer.output);
    out.push_back(fmt::format("{} cannot be asked: {}", host,
                              text.empty() ? ports::name_of(answer.said) : text));
    return out;
  }
  const auto facts = fields_of(answer.evidence);
  const auto fact = [&](const std::string& key) {
    const auto it = facts.find(key);
    return it == facts.end() ? std::string{} : it->second;
  };
  for (const auto& tool : needs_.at(host).tools)
    if (fact("tool." + tool) != "yes")
      out.push_back(fmt::format("{} has no `{}`, which the plan needs there", host, tool));
  if (fact("machine_id").empty())
    out.push_back(fmt::format("{} does not tell its machine-id", host));
  if (const auto run = fact("lock.run"); !run.empty() && run != core_.settings().context.run)
    out.push_back(fmt::format("{} is locked by run {} of {} ({})", host, run, fact("lock.who"),
                              fact("lock.drill")));
  for (const auto& [key, value] : facts)
    if (key.starts_with("effect.") && needs_.at(host).effects)
      out.push_back(fmt::format(
          "{} still carries an effect of an earlier run: {} ({}); `muster recover` looks after it",
          host, key.substr(7), value));
  return out;
}

void Preflight::facts_answered(const std::string& host, const Answer& answer) {
  const auto found = judge_facts(host, answer);
  core_.record(facts_entry(core_, host, answer, found));
  problems_.insert(problems_.end(), found.begin(), found.end());
  effects_.note_uptime(host, answer);
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

ports::Call Preflight::role_call(const plan::Slot& slot, const std::string& host) const {
  ports::Call call;
  call.host = core_.plan().hosts.at(host).address;
  call.verb = Verb::command;
  call.argv = slot.role->argv;
  // On the host itself and as the database's own user: it asks this server, not whoever answers its
  // address.
  if (call.argv.empty())
    call.argv = {"sh", "-c", R"sh([ "$(runuser -u postgres -- psql -XAtqc "$0")" = t ])sh",
                 slot.role->sql};
  return call;
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
      core_.call(role_call(slot, host), false, [this, &slot, host, poll](const Answer& answer) {
        if (answer.said == Said::yes) poll->yes.push_back(host);
        if (answer.said != Said::yes && answer.said != Said::no) poll->unsure.push_back(host);
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
  std::set<std::string> lock;
  for (const auto& [slot, hosts] : chosen_) {
    d.data[slot] = hosts;
    if (hosts.size() == 1) plan::bind_slot(core_.bindings(), slot, core_.plan().hosts.at(hosts[0]));
    for (const auto& host : hosts)
      if (needs_.contains(host)) lock.insert(host);
  }
  core_.record(std::move(d));
  // Sorted, so that two runs that want the same hosts cannot each hold one of them.
  to_lock_.assign(lock.rbegin(), lock.rend());
  // The guardian serves many runs and is not locked; what this one keeps there goes with its locks.
  if (needs_.contains(core_.plan().guardian)) locked_.push_back(core_.plan().guardian);
  lock_next();
}

void Preflight::lock_next() {
  if (stopped_) return;
  if (to_lock_.empty()) return done_({});
  const std::string host = to_lock_.back();
  to_lock_.pop_back();
  // Noted before the answer: a lock whose answer was lost is given back too.
  locked_.push_back(host);
  locking_ = true;
  core_.call(lock_call(core_, host), false, [this, host](const Answer& answer) {
    locking_ = false;
    if (answer.said == Said::exists) locked_.pop_back();
    if (when_answered_) return std::exchange(when_answered_, nullptr)();
    if (answer.said == Said::yes) return lock_next();
    const std::string text =
        evidence_text(answer.evidence.empty() ? answer.output : answer.evidence);
    done_({fmt::format("{} could not be locked: {}{}{}", host, ports::name_of(answer.said),
                       text.empty() ? "" : ": ", text)});
  });
}

void Preflight::confirm_role(const std::string& name,
                             std::function<void(bool, const std::string&)> done) {
  const plan::Slot* slot = core_.plan().slot(name);
  if (!slot->role) return done(true, {});
  const std::string host = hosts_of(name).front();
  core_.call(
      role_call(*slot, host), false, [name, host, done = std::move(done)](const Answer& answer) {
        if (answer.said == Said::yes) return done(true, {});
        done(false, fmt::format("{} is no longer the {} ({}): the role moved since preflight", host,
                                name, ports::name_of(answer.said)));
      });
}

void Preflight::adopt_locks() {
  for (const auto& [slot, hosts] : core_.state().targets)
    for (const auto& host : hosts)
      if (core_.state().hosts.contains(host)) locked_.push_back(host);
  if (core_.state().hosts.contains(core_.plan().guardian)) locked_.push_back(core_.plan().guardian);
}

const std::vector<std::string>& Preflight::hosts_of(const std::string& slot) const {
  return chosen_.at(slot);
}

void Preflight::unlock_all(std::function<void()> done) {
  stopped_ = true;
  if (locking_) {  // stopped in the middle: what that lock takes must be given back too
    when_answered_ = [this, done = std::move(done)] { unlock_all(done); };
    return;
  }
  auto left = std::make_shared<std::size_t>(locked_.size() + 1);
  auto one = std::make_shared<std::function<void()>>([left, done = std::move(done)] {
    if (--*left == 0) done();
  });
  for (const auto& host : locked_) {
    ports::Call call;
    call.host = core_.plan().hosts.at(host).address;
    call.verb = Verb::unlock;
    call.values["store"] = core_.settings().store;
    call.within = core_.settings().renew_every;
    core_.call(std::move(call), true, [one](const Answer&) { (*one)(); });
  }
  locked_.clear();
  (*one)();
}

}  // namespace muster::engine
