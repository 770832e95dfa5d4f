#include "cli/plan_text.hpp"

#include <fmt/format.h>

#include <optional>
#include <set>

#include "base/text.hpp"
#include "measure/up_rule.hpp"

namespace muster::cli {

namespace {

using Values = std::map<std::string, plan::Template>;

/// The words of the list that travels as NAME_0, NAME_1, … and NAME_count; nothing when it is no
/// list.
std::optional<std::vector<std::string>> list_of(const Values& values, const std::string& name) {
  const auto count = values.find(name + "_count");
  if (count == values.end()) return std::nullopt;
  std::vector<std::string> words;
  for (auto word = values.find(name + "_0"); word != values.end();
       word = values.find(fmt::format("{}_{}", name, words.size())))
    words.push_back(shell_quoted(word->second));
  if (count->second != std::to_string(words.size())) return std::nullopt;
  return words;
}

/// As a playbook writes them; what is empty was not given.
std::string values_text(const Values& values) {
  std::map<std::string, std::string> shown;
  std::set<std::string> parts;
  for (const auto& [name, value] : values) {
    if (!name.ends_with("_count")) continue;
    const auto list = name.substr(0, name.size() - std::string_view{"_count"}.size());
    const auto words = list_of(values, list);
    if (!words) continue;
    parts.insert(name);
    for (std::size_t i = 0; i < words->size(); ++i) parts.insert(fmt::format("{}_{}", list, i));
    if (!words->empty()) shown[list] = "[" + joined(*words, ", ") + "]";
  }
  for (const auto& [name, value] : values)
    if (!value.empty() && !parts.contains(name)) shown[name] = value;
  std::string out;
  for (const auto& [name, value] : shown) out += fmt::format("\n       {} = {}", name, value);
  return out;
}

class Printer {
 public:
  explicit Printer(const plan::Plan& plan) : plan_{plan} {}

  std::string action(const plan::Inject& a) const {
    const auto& script = plan_.scripts.at(a.fault);
    return fmt::format("inject {} into {}{}{}{}{}", a.fault, a.slot, values_text(a.values),
                       power(script, a.slot), healer(script, a.slot), undo(a));
  }
  std::string action(const plan::Revert& a) const {
    return "revert what step " + a.step + " injected";
  }
  std::string action(const plan::Restore& a) const {
    return fmt::format("restore by {} on {}{}{}", a.provider, a.slot, values_text(a.values),
                       healer(plan_.scripts.at(a.provider), a.slot));
  }
  std::string action(const plan::Teardown& a) const {
    return "remove what step " + a.step + " restored";
  }
  std::string action(const plan::Check& a) const {
    return "check now: " + condition_text(a.condition);
  }
  std::string action(const plan::Wait& a) const {
    return "wait until " + condition_text(a.condition);
  }
  std::string action(const plan::Run& a) const {
    std::string out = fmt::format("run on {}{}: {}", a.slot, a.shell ? " (by a shell)" : "",
                                  shell_quoted(a.argv));
    if (!a.standard_input.empty()) out += "\n       it reads: " + bounded(a.standard_input, 200);
    if (a.no_return)
      return out +
             "\n       NO RETURN: from here on nothing is undone by itself; live effects before it "
             "are held";
    return out + "\n       undo: " + shell_quoted(a.undo) + " (armed before it runs)";
  }
  std::string action(const plan::Ask& a) const {
    constexpr const char* late[] = {"the step fails", "the deputy is asked",
                                    "the defaults are taken"};
    std::string out = fmt::format("ask {}: {}", a.role, a.say);
    for (const auto& spec : a.answers)
      out += fmt::format("\n       answer {} ({}){}", spec.name, spec.type,
                         spec.fallback ? ", default " + *spec.fallback : "");
    return out + "\n       if nobody answers: " + late[static_cast<std::size_t>(a.late)];
  }
  std::string action(const plan::Approve& a) const {
    return fmt::format(
        "approve: {} of {} must sign: {}\n       if too few do: {}", a.need, joined(a.from, ", "),
        a.say, a.late == plan::Late::escalate ? "all are asked once more" : "the step fails");
  }
  std::string action(const plan::Tell& a) const { return "tell: " + a.text; }
  std::string action(const plan::Pause& a) const { return "pause " + format_duration(a.length); }
  std::string action(const plan::Mark& a) const { return "mark the moment " + a.moment; }

 private:
  /// Some faults are undone only by a command that the drill gives.
  static std::string undo(const plan::Inject& a) {
    const auto fault = catalogue::builtin_faults().find(a.fault);
    if (fault == catalogue::builtin_faults().end() || fault->second.undone_by.empty()) return {};
    const auto count = a.values.find(fault->second.undone_by + "_count");
    if (count != a.values.end() && count->second != "0") return {};
    return fmt::format(
        "\n       NOTHING IS UNDONE: without `{}` what it breaks stays so until somebody mends it",
        fault->second.undone_by);
  }
  /// The out-of-band commands of each host that may be hit.
  std::string power(const plan::Script& script, const std::string& slot) const {
    const auto* of = plan_.slot(slot);
    if (script.healer != catalogue::Healer::guardian || !of) return {};
    std::string out;
    for (const auto& name : of->hosts) {
      const auto& switch_ = plan_.hosts.at(name).power;
      if (!switch_) continue;
      out += fmt::format(
          "\n       the power of {}, by commands on {}:\n         down: {}\n         up: {}\n"
          "         status: {}",
          name, plan_.guardian, shell_quoted(switch_->down), shell_quoted(switch_->up),
          shell_quoted(switch_->status));
    }
    return out;
  }
  std::string healer(const plan::Script& script, const std::string& slot) const {
    const auto* s = plan_.slot(slot);
    const std::string at = script.healer == catalogue::Healer::guardian ? plan_.guardian
                           : s && s->hosts.size() == 1                  ? s->hosts[0]
                                                                        : slot;
    return fmt::format("\n       healer: {} ({}); script sha256 {}",
                       catalogue::name_of(script.healer), at, hex(script.sha256).substr(0, 16));
  }
  const plan::Plan& plan_;
};

void steps_text(std::string& out, const plan::Plan& plan, const std::vector<plan::Step>& steps) {
  const Printer printer{plan};
  std::size_t number = 0;
  for (const auto& step : steps) {
    out += fmt::format("\n  {:>2}. {}  [{}]\n     ", ++number, step.name, step.id);
    out += std::visit([&](const auto& a) { return printer.action(a); }, step.action);
    std::vector<std::string> after;
    for (const auto i : step.after) after.push_back(steps[i].id);
    out += fmt::format(
        "\n       within {}; if it fails the drill {}{}\n", format_duration(step.within),
        step.stop_on_failure ? "stops" : "goes on",
        after.size() > 1 || (after.size() == 1 &&
                             steps[step.after[0]].id != (number > 1 ? steps[number - 2].id : ""))
            ? "; after " + joined(after, ", ")
            : "");
  }
}

std::string picked_text(const plan::Plan& plan, const plan::Slot& slot) {
  if (!slot.picked) return {};
  const auto* from = plan.slot(slot.picked->from);
  return fmt::format("picked {} of {}, seed {}: ", slot.hosts.size(), from ? from->hosts.size() : 0,
                     slot.picked->seed);
}

void policy_text(std::string& out, const plan::Plan& plan) {
  if (plan.policy.empty()) return;
  out += "\nPOLICY (what inventory/policy.yaml demands of it)\n";
  for (const auto& demand : plan.policy) {
    std::vector<std::string> all;
    if (demand.need > 0)
      all.push_back(fmt::format("{} of {} approve it, each for up to {}", demand.need,
                                joined(demand.from, ", "), format_duration(demand.valid)));
    if (demand.signed_key) all.push_back("what people do is signed with their SSH key");
    if (demand.witness) all.push_back("a witness that is not weak keeps the checkpoints");
    if (!demand.deny.empty()) all.push_back("denied: " + joined(demand.deny, ", "));
    out +=
        fmt::format("  {}: {}\n", demand.environment, all.empty() ? "nothing" : joined(all, "; "));
  }
}

void secrets_text(std::string& out, const plan::Plan& plan) {
  if (plan.secrets.empty()) return;
  out += "\nSECRETS (read when the run begins; their values are in no plan, record or report)\n";
  for (const auto& [name, source] : plan.secrets)
    out += fmt::format("  {}: {}\n", name, describe(source));
}

void objectives_text(std::string& out, const plan::Plan& plan) {
  if (plan.objectives.empty() && !plan.restore_time && !plan.data_age) return;
  out += "\nOBJECTIVES\n";
  for (const auto& o : plan.objectives) {
    out += fmt::format("  {}:", o.service);
    if (o.rto)
      out += fmt::format(" RTO {} (from the {})", format_duration(*o.rto),
                         o.from_inject ? "injection" : "outage");
    if (o.rpo) out += fmt::format(" RPO {}", format_duration(*o.rpo));
    if (o.lost_writes) out += fmt::format(" lost writes at most {}", *o.lost_writes);
    if (o.mtpd) out += fmt::format(" MTPD {}", format_duration(*o.mtpd));
    out += "\n";
  }
  if (plan.restore_time)
    out += fmt::format("  technical restore time: {}\n", format_duration(*plan.restore_time));
  if (plan.data_age)
    out += fmt::format("  age of the restored data: {}\n", format_duration(*plan.data_age));
}

}  // namespace

std::string condition_text(const plan::Condition& c) {
  if (const auto* s = std::get_if<plan::ServiceIs>(&c))
    return fmt::format("service {} is {}", s->service, s->up ? "up" : "down");
  if (const auto* p = std::get_if<plan::ProbeIs>(&c))
    return fmt::format("{} is {}", catalogue::describe(p->probe), p->up ? "up" : "down");
  const auto& h = std::get<plan::CommandHolds>(c);
  if (!h.what.empty()) return fmt::format("on {}: {}", h.slot, h.what);
  return fmt::format("on {}: {} exits 0", h.slot, shell_quoted(h.argv));
}

std::string plan_text(const plan::Plan& plan) {
  std::string out = "PLAN " + plan.drill;
  if (!plan.title.empty()) out += " — " + plan.title;
  if (!plan.why.empty()) out += "\n  " + plan.why;
  out += fmt::format("\n  hash sha256:{}\n", hex(plan::content_hash(plan)));
  if (!plan.playbook.empty()) out += fmt::format("  playbook {}\n", plan.playbook);
  out += fmt::format("  at most {} in all; then it is stopped and reverted\n",
                     format_duration(plan.max_duration));
  if (!plan.slots.empty()) out += "\nTARGETS\n";
  for (const auto& slot : plan.slots) {
    out += fmt::format("  {}: {}", slot.name, slot.role ? "the one of " : picked_text(plan, slot));
    for (std::size_t i = 0; i < slot.hosts.size(); ++i) {
      const auto& host = plan.hosts.at(slot.hosts[i]);
      out += fmt::format("{}{} ({}, {}{})", i ? ", " : "", slot.hosts[i], host.address.address,
                         host.environment,
                         host.address.gate.empty() ? "" : ", by its gate " + host.address.gate);
    }
    if (slot.role)
      out += fmt::format(" that says yes to: {}",
                         slot.role->sql.empty() ? shell_quoted(slot.role->argv) : slot.role->sql);
    out += "\n";
  }
  if (!plan.roles.empty()) out += "\nROLES\n";
  for (const auto& role : plan.roles)
    out += fmt::format("  {}: {}{}\n", role.name, role.holder,
                       role.deputy.empty() ? "" : ", deputy " + role.deputy);
  for (const auto& person : plan.people)
    out += fmt::format("      {}: {}, {}\n", person.id, person.name,
                       person.unix_user.empty() ? "cannot be recognised: no `unix` in people.yaml"
                                                : "known as unix user " + person.unix_user);
  if (!plan.services.empty()) out += "\nSERVICES (what the clocks read)\n";
  for (const auto& s : plan.services)
    out += fmt::format(
        "  {}: {}\n      every {}, timeout {}, up = {}, warm-up {}, outage {}{}\n", s.name,
        catalogue::describe(s.probe), format_duration(s.every), format_duration(s.timeout),
        measure::format_up_rule(s.up), format_duration(s.warm_up),
        s.outage_expected ? "expected" : "tolerated",
        s.ledger ? fmt::format("; each probe commits a row to {}", s.ledger->table) : "");
  objectives_text(out, plan);
  guardrails_text(out, plan);
  policy_text(out, plan);
  secrets_text(out, plan);
  out += "\nSTEPS";
  steps_text(out, plan, plan.steps);
  out += "  then all live effects are reverted, the last one first\n";
  if (!plan.ends.empty()) {
    out += "\nEND CONDITIONS";
    steps_text(out, plan, plan.ends);
  }
  return out;
}

}  // namespace muster::cli
