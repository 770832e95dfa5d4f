#include "report/edition_plan.hpp"

namespace muster::report {
namespace {

const std::vector<std::string> kSomething{std::string{kLeftOut}};

/// What a step does, without what it says to machines.
struct Teller {
  const Names& names;
  bool words;  // people's own words stay

  std::string said(const std::string& text) const {
    return words ? names.text(text) : std::string{kLeftOut};
  }
  plan::Condition condition(const plan::Condition& c) const {
    if (const auto* s = std::get_if<plan::ServiceIs>(&c)) return *s;
    if (const auto* p = std::get_if<plan::ProbeIs>(&c))
      return plan::ServiceIs{"a probe " + std::string{kLeftOut}, p->up};
    plan::CommandHolds holds;
    holds.slot = std::get<plan::CommandHolds>(c).slot;
    holds.argv = kSomething;
    return holds;
  }
  plan::Action operator()(const plan::Inject& a) const {
    return plan::Inject{names.text(a.fault), a.slot, {}};
  }
  plan::Action operator()(const plan::Revert& a) const { return plan::Revert{names.text(a.step)}; }
  plan::Action operator()(const plan::Restore& a) const {
    return plan::Restore{a.provider, a.slot, {}, 0};
  }
  plan::Action operator()(const plan::Teardown& a) const {
    return plan::Teardown{names.text(a.step)};
  }
  plan::Action operator()(const plan::Check& a) const {
    return plan::Check{condition(a.condition)};
  }
  plan::Action operator()(const plan::Wait& a) const { return plan::Wait{condition(a.condition)}; }
  plan::Action operator()(const plan::Run& a) const {
    plan::Run run;
    run.slot = a.slot;
    run.argv = kSomething;
    if (!a.undo.empty()) run.undo = kSomething;
    run.no_return = a.no_return;
    return run;
  }
  plan::Action operator()(const plan::Ask& a) const {
    plan::Ask ask;
    ask.role = a.role;
    ask.say = said(a.say);
    ask.late = a.late;
    ask.mark = names.text(a.mark);
    return ask;
  }
  plan::Action operator()(const plan::Approve& a) const {
    return plan::Approve{a.from, a.need, said(a.say), a.late};
  }
  plan::Action operator()(const plan::Tell& a) const { return plan::Tell{said(a.text)}; }
  plan::Action operator()(const plan::Pause& a) const { return a; }
  plan::Action operator()(const plan::Mark& a) const { return plan::Mark{names.text(a.moment)}; }
};

std::vector<plan::Step> steps_for(const std::vector<plan::Step>& all, const Teller& tell) {
  std::vector<plan::Step> out;
  for (const auto& s : all) {
    plan::Step step;
    step.id = tell.names.text(s.id);
    step.name = tell.names.text(s.name);
    step.after = s.after;
    step.action = std::visit(tell, s.action);
    step.within = s.within;
    step.stop_on_failure = s.stop_on_failure;
    out.push_back(std::move(step));
  }
  return out;
}

plan::Service service_for(const plan::Service& s) {
  plan::Service out;
  out.name = s.name;
  out.probe.kind = s.probe.kind;
  if (s.ledger) out.ledger = catalogue::LedgerSpec{};
  out.every = s.every;
  out.timeout = s.timeout;
  out.up = s.up;
  out.warm_up = s.warm_up;
  out.outage_expected = s.outage_expected;
  return out;
}

}  // namespace

plan::Plan plan_for(const plan::Plan& p, const Names& names, bool words) {
  plan::Plan out;
  out.drill = names.text(p.drill);
  out.title = names.text(p.title);
  if (words) out.why = names.text(p.why);
  out.owner = names.person(p.owner);
  out.playbook = names.text(p.playbook);
  for (const auto& [name, host] : p.hosts) {
    plan::Host h;
    h.address.name = names.host(name);
    h.environment = host.environment;
    h.is_protected = host.is_protected;
    out.hosts.emplace(names.host(name), std::move(h));
  }
  for (const auto& slot : p.slots) {
    plan::Slot s;
    s.name = slot.name;
    for (const auto& host : slot.hosts) s.hosts.push_back(names.host(host));
    out.slots.push_back(std::move(s));
  }
  for (const auto& s : p.services) out.services.push_back(service_for(s));
  out.objectives = p.objectives;
  out.detections = p.detections;
  for (auto& d : out.detections) {
    d.step = names.text(d.step);
    d.labels.clear();  // names of hosts and teams, by words of the monitoring's own
  }
  out.restore_time = p.restore_time;
  out.data_age = p.data_age;
  out.estimate = p.estimate;
  for (const auto& r : p.roles) {
    plan::Role role;
    role.name = r.name;
    role.holder = names.person(r.holder);
    role.deputy = names.person(r.deputy);
    out.roles.push_back(std::move(role));
  }
  out.max_duration = p.max_duration;
  for (const auto& g : p.guards) {
    plan::Guard guard;
    guard.name = names.text(g.name);
    guard.fails_for = g.fails_for;
    out.guards.push_back(std::move(guard));
  }
  for (const auto& l : p.limits) {
    plan::Limit limit;
    limit.kind = l.kind;
    limit.of = names.text(l.of);
    limit.wanted = l.wanted;
    limit.count = l.count;
    for (const auto& host : l.hosts) limit.hosts.push_back(names.host(host));
    limit.by = l.by;
    out.limits.push_back(std::move(limit));
  }
  const Teller tell{names, words};
  out.steps = steps_for(p.steps, tell);
  out.ends = steps_for(p.ends, tell);
  for (const auto& [name, script] : p.scripts) {
    plan::Script s;
    s.name = names.text(script.name);
    s.sha256 = script.sha256;
    s.healer = script.healer;
    out.scripts.emplace(s.name, std::move(s));
  }
  out.guardian = names.host(p.guardian);
  return out;
}

}  // namespace muster::report
