// Hosts and people of a run, and where it went another way than the plan.
#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "journal/kinds.hpp"
#include "report/data.hpp"
#include "report/parts.hpp"
#include "report/words.hpp"

namespace muster::report {
namespace {

namespace kinds = journal::kinds;

std::string name_of_step(const Summary& s, const std::string& id) {
  for (const auto& step : s.steps)
    if (step.id == id) return step.name;
  return id;
}

void from_steps(const Summary& s, std::vector<std::string>& out) {
  using journal::StepStatus;
  for (const auto& step : s.steps) {
    const auto say = [&](std::string_view what) {
      out.push_back(fmt::format("\"{}\" {}", step.name, what));
    };
    const std::string why = step.state.why.empty() ? "" : ": " + step.state.why;
    if (step.escalated)
      say(step.word == "approve" ? "was asked for once more: too few had signed in time"
                                 : "went to the deputy: the holder did not answer in time");
    if (step.state.status == StepStatus::failed)
      say("failed" + why);
    else if (step.state.status == StepStatus::unknown)
      say("could not be told to have worked" + why);
    else if (step.state.status == StepStatus::skipped)
      say("was not done" + why);
    else if (!journal::is_over(step.state.status))
      say("was not reached");
    else if (step.word == "ask" && step.late)
      say("was not answered in time; the defaults were taken");
    else if (step.late)
      say(fmt::format("took {}, longer than its {}", human_duration(*step.took),
                      format_duration(step.within)));
  }
}

/// How it is known who acted, and as whom: "known by peer, assurance os-user, as deputy".
std::string known_by(const journal::Entry& e) {
  std::string out = fmt::format("known by {}, assurance {}", e.actor.method, e.actor.assurance);
  if (const auto as = text_in(e.data, "as"); as == "deputy" || as == "stand_in")
    out += as == "deputy" ? ", as deputy" : ", as stand-in";
  if (const auto why = text_in(e.data, "not_checked"); !why.empty()) out += ", not checked: " + why;
  return out;
}

/// What an entry says that a role did or was asked; "" when it is about something else.
std::string act_in(const journal::Entry& e) {
  if (e.action == kinds::kStepAsked) {
    if (text_in(e.data, "person").empty()) return {};  // signatures, of whoever can give them
    const auto from = text_in(e.data, "escalated_from");
    return fmt::format("{} was asked in step {}{}", text_in(e.data, "person"), e.step,
                       from.empty() ? "" : ", since " + from + " did not answer in time");
  }
  if (e.action == kinds::kStepAnswered && e.outcome == "late")
    return fmt::format("nobody answered step {} in time", e.step);
  if (e.action == kinds::kStepAnswered)
    return fmt::format("{} answered step {} ({})", e.actor.principal, e.step, known_by(e));
  if (e.action != kinds::kRequest) return {};
  const auto what = text_in(e.data, "what");
  const char* did = what == "ack"    ? "acknowledged"
                    : what == "skip" ? "skipped"
                    : what == "fail" ? "could not do"
                                     : nullptr;  // done and answer: step.answered says it
  if (!did) return {};
  return fmt::format("{} {} step {} ({})", e.actor.principal, did, e.step, known_by(e));
}

/// What people did otherwise than the roster says: handovers, stand-ins, steps given up.
void from_person(const journal::Entry& e, const Summary& s, std::vector<std::string>& out) {
  const auto when = clock_text(s.axis.since(e.at));
  const auto because = [&] {
    const auto reason = text_in(e.data, "reason");
    return reason.empty() ? "" : ": " + reason;
  };
  const std::string in = e.step.empty() ? "" : fmt::format(" \"{}\"", name_of_step(s, e.step));
  if (e.action == kinds::kRoleAssumed && text_in(e.data, "how") != "planned")
    out.push_back(fmt::format("{}: the role {} went from {} to {}, {} by {}{}", when,
                              text_in(e.data, "role"), text_in(e.data, "before"),
                              text_in(e.data, "holder"), text_in(e.data, "how"), e.actor.principal,
                              because()));
  if (e.action != kinds::kRequest) return;
  const auto what = text_in(e.data, "what");
  if (text_in(e.data, "as") == "stand_in")
    out.push_back(fmt::format("{}: {} stood in for who was asked in{}{}", when, e.actor.principal,
                              in, because()));
  if (what != "answer" && what != "ack" && what != "done" && what != "approve")
    out.push_back(fmt::format("{}: {} asked to {}{}{}", when, e.actor.principal, wish_in(e.data),
                              in, because()));
}

}  // namespace

std::vector<Host> hosts_of(const Record& record) {
  std::vector<Host> out;
  for (const auto& [name, planned] : record.plan.hosts) {
    Host h{name,
           planned.address.address,
           planned.environment,
           planned.zone,
           {},
           name == record.plan.guardian,
           {}};
    for (const auto& [slot, hosts] : record.state.targets)
      if (std::find(hosts.begin(), hosts.end(), name) != hosts.end()) h.slots.push_back(slot);
    if (const auto it = record.state.hosts.find(name); it != record.state.hosts.end())
      h.state = it->second;
    out.push_back(std::move(h));
  }
  return out;
}

std::vector<Role> roles_of(const Record& record, const Axis& axis) {
  std::vector<Role> out;
  for (const auto& role : record.plan.roles) {
    out.push_back({role.name, role.holder, role.deputy, {}, {}});
    for (const auto& tenure : record.state.tenures)
      if (tenure.role == role.name) out.back().held.push_back(tenure);
  }
  for (const auto& e : record.entries) {
    const auto it = record.state.steps.find(e.step);
    if (it == record.state.steps.end()) continue;
    for (auto& role : out) {
      if (role.name != it->second.role) continue;
      if (const auto act = act_in(e); !act.empty())
        role.acts.push_back(clock_text(axis.since(e.at)) + ": " + act);
    }
  }
  return out;
}

std::vector<ApprovedBy> approvals_of(const Record& record) {
  std::vector<ApprovedBy> out;
  const auto& opened = record.state.opened;
  if (!opened.is_object() || !opened.contains("approvals") || !opened.at("approvals").is_array())
    return out;
  for (const auto& one : opened.at("approvals"))
    out.push_back({text_in(one, "person"), text_in(one, "given"), text_in(one, "until"),
                   text_in(one, "note")});
  return out;
}

std::string approved_by(const Summary& s) {
  std::vector<std::string> names;
  for (const auto& one : s.approvals) names.push_back(one.person);
  return joined(names, ", ");
}

std::vector<std::string> deviations_of(const Record& record, const Summary& s) {
  std::vector<std::string> out;
  if (!record.samples_removed.empty())
    out.push_back("the probes' samples were removed " + record.samples_removed +
                  "; what was measured from them stands");
  from_steps(s, out);
  for (const auto& e : record.entries) {
    const auto when = clock_text(s.axis.since(e.at));
    from_person(e, s, out);
    if (e.action == kinds::kLeaseLost)
      out.push_back(fmt::format("{}: the lease on {} was lost: {}", when, e.target.host,
                                text_in(e.data, "why")));
    if (e.action == kinds::kEffectSelfReverted)
      out.push_back(
          fmt::format("{}: an effect on {} was reverted by its healer alone", when, e.target.host));
    if (e.action == kinds::kEffectRevertFailed)
      out.push_back(fmt::format("{}: an effect on {} could not be undone: {}", when, e.target.host,
                                text_in(e.data, "why")));
    if (e.action == kinds::kGuardrailFails || e.action == kinds::kGuardrailFired)
      out.push_back(
          fmt::format("{}: the guardrail {} {}{}", when, text_in(e.data, "name"),
                      e.outcome == "no" ? "did not hold" : "could not be evaluated",
                      e.action == kinds::kGuardrailFired ? ", and stopped the drill" : ""));
    if (e.action == kinds::kGuardrailCounted && e.outcome == "refused")
      out.push_back(
          fmt::format("{}: a guardrail refused an effect: {}", when, text_in(e.data, "why")));
    if (e.action == kinds::kTakeover)
      out.push_back(fmt::format("{}: another process took the run over", when));
  }
  for (const auto& service : s.services) {
    for (const auto& o : service.outages)
      if (o.undeclared())
        out.push_back(fmt::format("{} was lost again, for {}, and no step declared it",
                                  service.name, interval_text(o.length)));
    if (service.gaps > 0)
      out.push_back(fmt::format("the probes of {} had {} gap{}: the figures are widened by them",
                                service.name, service.gaps, service.gaps == 1 ? "" : "s"));
  }
  return out;
}

}  // namespace muster::report
