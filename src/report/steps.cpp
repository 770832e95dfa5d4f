// Steps: what the plan expected of each, and what came of it.
#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "journal/kinds.hpp"
#include "report/parts.hpp"

namespace muster::report {
namespace {

namespace kinds = journal::kinds;

struct Teller {
  const Record& record;
  plan::Bindings bindings;

  /// "primary (pg-1)": the slot, and the hosts that it stood for.
  std::string slot(const std::string& name) const {
    const auto it = record.state.targets.find(name);
    if (it == record.state.targets.end() || it->second.empty()) return name;
    return fmt::format("{} ({})", name, joined(it->second, ", "));
  }
  std::string filled(const std::string& text) const {
    const auto bound = plan::resolve(text, bindings);
    return bound ? *bound : text;
  }
  std::string filled(const std::vector<std::string>& argv) const {
    const auto bound = plan::resolve(argv, bindings);
    return shell_quoted(bound ? *bound : argv);
  }
  std::string condition(const plan::Condition& c) const {
    if (const auto* s = std::get_if<plan::ServiceIs>(&c))
      return fmt::format("{} is {}", s->service, s->up ? "up" : "down");
    if (const auto* p = std::get_if<plan::ProbeIs>(&c)) {
      const auto bound = plan::resolve(p->probe, bindings);
      return fmt::format("{} is {}", catalogue::describe(bound ? *bound : p->probe),
                         p->up ? "up" : "down");
    }
    const auto& holds = std::get<plan::CommandHolds>(c);
    return fmt::format("on {}: {}", slot(holds.slot),
                       holds.what.empty() ? filled(holds.argv) : filled(holds.what));
  }
  std::string operator()(const plan::Inject& a) const {
    return fmt::format("{} takes effect on {}", a.fault, slot(a.slot));
  }
  std::string operator()(const plan::Revert& a) const {
    return fmt::format("what {} did is undone", a.step);
  }
  std::string operator()(const plan::Restore& a) const {
    return fmt::format("{} brings the backup to {}", a.provider, slot(a.slot));
  }
  std::string operator()(const plan::Teardown& a) const {
    return fmt::format("what {} left is removed", a.step);
  }
  std::string operator()(const plan::Check& a) const {
    return "holds now: " + condition(a.condition);
  }
  std::string operator()(const plan::Wait& a) const {
    return "comes to hold: " + condition(a.condition);
  }
  std::string operator()(const plan::Run& a) const {
    return fmt::format("a command ends well on {}{}", slot(a.slot),
                       a.no_return ? "; from here on nothing is undone by itself" : "");
  }
  std::string operator()(const plan::Ask& a) const {
    constexpr const char* late[] = {"else the step fails", "else the deputy is asked",
                                    "else the defaults are taken"};
    return fmt::format("{} answers; {}", a.role, late[static_cast<std::size_t>(a.late)]);
  }
  std::string operator()(const plan::Approve& a) const {
    return fmt::format(
        "{} of {} approve; else {}", a.need, joined(a.from, ", "),
        a.late == plan::Late::escalate ? "they are asked once more" : "the step fails");
  }
  std::string operator()(const plan::Tell& a) const { return "said: " + filled(a.text); }
  std::string operator()(const plan::Pause& a) const {
    return "a pause of " + human_duration(a.length);
  }
  std::string operator()(const plan::Mark& a) const {
    return fmt::format("the moment \"{}\" is marked", a.moment);
  }
};

std::vector<std::string> commands_of(const Teller& tell, const plan::Step& step) {
  std::vector<std::string> out;
  if (const auto* run = std::get_if<plan::Run>(&step.action)) {
    out.push_back(tell.filled(run->argv));
    if (!run->undo.empty()) out.push_back("undo: " + tell.filled(run->undo));
  }
  const plan::Condition* condition = nullptr;
  if (const auto* check = std::get_if<plan::Check>(&step.action)) condition = &check->condition;
  if (const auto* wait = std::get_if<plan::Wait>(&step.action)) condition = &wait->condition;
  if (condition && std::holds_alternative<plan::CommandHolds>(*condition))
    out.push_back(tell.filled(std::get<plan::CommandHolds>(*condition).argv));
  return out;
}

Step step_of(const Record& record, const Teller& tell, const plan::Step& planned, bool is_end) {
  Step s;
  s.id = planned.id;
  s.name = planned.name;
  s.word = plan::word_of(planned.action);
  s.expected = std::visit(tell, planned.action);
  s.commands = commands_of(tell, planned);
  s.place = planned.place;
  s.within = planned.within;
  s.is_end = is_end;
  const auto* run = std::get_if<plan::Run>(&planned.action);
  s.no_return = run && run->no_return;
  const auto it = record.state.steps.find(planned.id);
  if (it != record.state.steps.end()) s.state = it->second;
  s.state.id = planned.id;
  if (s.state.started && s.state.finished) s.took = *s.state.finished - *s.state.started;
  std::size_t asked = 0;
  for (const auto& e : record.entries) {
    if (e.step != planned.id) continue;
    if (e.action == kinds::kStepAsked) ++asked;
    if (e.action == kinds::kStepAnswered && e.outcome == "late") s.late = true;
  }
  s.escalated = asked > 1;
  if (s.took && s.within > Duration::zero() && *s.took > s.within) s.late = true;
  return s;
}

}  // namespace

plan::Bindings bindings_of(const Record& record) {
  plan::Bindings out;
  for (const auto& [slot, hosts] : record.state.targets)
    if (hosts.size() == 1)
      if (const auto it = record.plan.hosts.find(hosts.front()); it != record.plan.hosts.end())
        plan::bind_slot(out, slot, it->second);
  for (const auto& [id, step] : record.state.steps)
    for (const auto& [name, value] : step.answers) out[name] = value;
  return out;
}

std::vector<Step> steps_of(const Record& record) {
  const Teller tell{record, bindings_of(record)};
  std::vector<Step> out;
  for (const auto& step : record.plan.steps) out.push_back(step_of(record, tell, step, false));
  for (const auto& step : record.plan.ends) out.push_back(step_of(record, tell, step, true));
  return out;
}

}  // namespace muster::report
