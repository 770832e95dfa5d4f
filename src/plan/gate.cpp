#include "plan/gate.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "base/text.hpp"
#include "catalogue/gate.hpp"
#include "catalogue/restore.hpp"
#include "plan/calls.hpp"
#include "plan/gate_pattern.hpp"

namespace muster::plan {
namespace {

/// Bodies of functions of the gate.
struct Allowed {
  std::string matches;
  std::string reads;  // what may come on standard input
  std::string phase;  // of a restore; nothing else has phases
  auto operator<=>(const Allowed&) const = default;
};

/// What a gate is made of; sorted, so that neither order nor repetition makes another gate.
struct Parts {
  GateTypes types;
  std::map<std::string, const Script*> scripts;  // by the name of their function
  std::set<Allowed> effects, commands;
  bool holds = false;
};

/// A function that prints the text, which the shell does not look into.
std::string printing(const std::string& name, std::string_view text) {
  const auto end = "END_" + hex(sha256(text)).substr(0, 24);
  return fmt::format("{}() {{\n  cat <<'{}'\n{}{}{}\n}}\n", name, end, text,
                     text.ends_with('\n') ? "" : "\n", end);
}

class Collector {
 public:
  Collector(const Plan& plan, const std::string& host, Parts& parts, std::vector<GateNeed>& needs)
      : plan_{plan}, host_{host}, parts_{parts}, needs_{needs} {}

  Result<> all() {
    for (const auto& slot : plan_.slots)
      if (slot.role && is_on(slot.name))
        if (auto done = command(role_argv(*slot.role), {}, "choose " + slot.name); !done)
          return done;
    for (const auto* steps : {&plan_.steps, &plan_.ends})
      for (const auto& step : *steps)
        if (auto done = one(step); !done)
          return Error{where(step) + done.error().what, done.error().hint};
    return guardrails();
  }

 private:
  static std::string where(const Step& step) { return fmt::format("step \"{}\": ", step.name); }

  bool is_on(const std::string& slot) const {
    const auto& hosts = plan_.slot(slot)->hosts;
    return std::find(hosts.begin(), hosts.end(), host_) != hosts.end();
  }

  Result<> guardrails() {
    for (const auto& guard : plan_.guards)
      if (const auto* holds = std::get_if<CommandHolds>(&guard.condition);
          holds && is_on(holds->slot))
        if (auto done = command(holds->argv, {}, "guardrail " + guard.name); !done) return done;
    for (const auto& limit : plan_.limits)
      if (limit.healthy &&
          std::find(limit.hosts.begin(), limit.hosts.end(), host_) != limit.hosts.end())
        if (auto done = command(role_argv(*limit.healthy), {}, "guardrail: " + limit.wanted); !done)
          return done;
    return {};
  }

  Result<> one(const Step& step) {
    if (const auto* a = std::get_if<Inject>(&step.action)) {
      if (!is_on(a->slot) || plan_.armed_at(plan_.scripts.at(a->fault), host_) != host_) return {};
      return effect(plan_.scripts.at(a->fault), a->values, {}, step.name);
    }
    if (const auto* a = std::get_if<Restore>(&step.action))
      return is_on(a->slot) ? restore(*a, step.name) : Result<>{};
    if (const auto* a = std::get_if<Run>(&step.action)) {
      parts_.holds = parts_.holds || a->no_return;
      if (!is_on(a->slot)) return {};
      if (a->no_return) return command(a->argv, a->standard_input, step.name);
      return effect(plan_.scripts.at("command"), command_values(a->argv, a->undo),
                    a->standard_input, step.name);
    }
    const Condition* condition = nullptr;
    if (const auto* a = std::get_if<Check>(&step.action)) condition = &a->condition;
    if (const auto* a = std::get_if<Wait>(&step.action)) condition = &a->condition;
    const auto* holds = condition ? std::get_if<CommandHolds>(condition) : nullptr;
    return holds && is_on(holds->slot) ? command(holds->argv, {}, step.name) : Result<>{};
  }

  /// What its flow asks depends on what the repository holds: the phases are fixed, and what each
  /// value may consist of.
  Result<> restore(const Restore& action, const std::string& step) {
    const auto& provider = catalogue::restore_providers().at(action.provider);
    std::string asked;
    for (const auto& value : provider.asked) {
      const auto type = type_of(value.form, provider.queries(action.values));
      if (!type) return type.error();
      asked += fmt::format(" {} {}", value.name, *type);
    }
    return effect(plan_.scripts.at(action.provider), action.values, {}, step,
                  fmt::format("  case $1 in {}) ;; *) return 1 ;; esac\n  gate_asked{}\n",
                              joined(provider.phases(action.values), " | "), asked));
  }

  Result<std::string> type_of(catalogue::AskedValue::Form form,
                              const std::vector<std::string>& queries) {
    using enum catalogue::AskedValue::Form;
    if (form == number) return std::string{"gate_number"};
    if (form == word) return std::string{"gate_word"};
    if (form == plain) return std::string{"gate_plain"};
    std::string body = "[ -z \"$1\" ]";
    for (const auto& query : queries) {
      const auto one = test("$1", query);
      if (!one) return one.error();
      body += " || " + *one;
    }
    const auto name = "gate_query_" + hex(sha256(body)).substr(0, 12);
    parts_.types[name] = fmt::format("{}() {{ {}; }}\n", name, body);
    return name;
  }

  /// How `text`, an expression of the gate's, is tested against a template.
  Result<std::string> test(const std::string& text, const Template& against) {
    const auto pattern = gate_pattern(against, plan_, parts_.types);
    if (!pattern) return pattern.error();
    if (pattern->types.empty())
      return fmt::format("[ \"{}\" = {} ]", text, shell_quoted(pattern->literals.front()));
    return fmt::format("gate_like \"{}\" {}", text, arguments_of(*pattern));
  }

  Result<> effect(const Script& script, const std::map<std::string, Template>& values,
                  const Template& reads, const std::string& step, std::string phase = {}) {
    const auto name = "gate_script_" + hex(script.sha256).substr(0, 12);
    std::string body = fmt::format("  [ \"${{V_fault-}}\" = {} ] && [ \"$g_params\" = {} ]",
                                   shell_quoted(script.name), values.size());
    std::string shown;
    for (const auto& [key, value] : values) {
      const auto pattern = gate_pattern(value, plan_, parts_.types);
      if (!pattern) return pattern.error();
      body +=
          fmt::format(" &&\n    {} {} {}", pattern->types.empty() ? "gate_has" : "gate_has_like",
                      key, arguments_of(*pattern));
      if (!value.empty() && !key.ends_with("_count"))
        shown += fmt::format("{}{} = {}", shown.empty() ? "" : ", ", key, bounded(value, 200));
    }
    const auto cap =
        std::chrono::duration_cast<std::chrono::seconds>(effect_cap(plan_, kLease)).count();
    body += fmt::format(" || return\n  G_SCRIPT={} G_SHA256={} G_CAP={}\n", name,
                        hex(script.sha256), cap);
    const auto input = test("$1", reads);
    if (!input) return input.error();
    parts_.scripts[name] = &script;
    need(fmt::format("{}{}, {}and its undo; at most {} s each time", script.name,
                     shown.empty() ? "" : " (" + shown + ")",
                     phase.empty() ? "" : "of whichever backup and to whichever point, ", cap),
         step);
    parts_.effects.insert({std::move(body), *input, std::move(phase)});
    return {};
  }

  Result<> command(const std::vector<Template>& argv, const Template& reads,
                   const std::string& step) {
    std::string body = fmt::format("  [ \"$#\" = {} ]", argv.size());
    for (std::size_t i = 0; i < argv.size(); ++i) {
      const auto word = test(fmt::format("${{{}}}", i + 1), argv[i]);
      if (!word) return word.error();
      body += " &&\n    " + *word;
    }
    const auto input = test("$1", reads);
    if (!input) return input.error();
    parts_.commands.insert({body + "\n", *input, {}});
    need("the command " + bounded(shell_quoted(argv), 400), step);
    return {};
  }

  void need(std::string what, const std::string& step) {
    GateNeed made{plan_.drill, std::move(what), step};
    if (std::find(needs_.begin(), needs_.end(), made) == needs_.end())
      needs_.push_back(std::move(made));
  }

  const Plan& plan_;
  const std::string& host_;
  Parts& parts_;
  std::vector<GateNeed>& needs_;
};

/// All but what names the drills.
std::string text_of(const Parts& parts) {
  std::string out{catalogue::gate_functions()};
  out +=
      "\n# What stands beside each effect and undoes it when nobody renews its lease: the verbs.\n";
  out += printing("gate_target", catalogue::target_script());
  for (const auto& [name, script] : parts.scripts)
    out += fmt::format("\n# The fault {}.\n", script->name) + printing(name, script->text);
  out += "\n# What is allowed here.\n";
  for (const auto& [name, function] : parts.types) out += function;
  const auto functions = [&](const char* kind, const auto& all) {
    std::size_t n = 0;
    for (const auto& one : all) {
      ++n;
      out += fmt::format("gate_{0}_{1}() {{\n{2}}}\ngate_{0}_{1}_reads() {{ {3}; }}\n", kind, n,
                         one.matches, one.reads);
      if (&all == &parts.effects)
        out += fmt::format("gate_{}_{}_phase() {{\n{}}}\n", kind, n,
                           one.phase.empty() ? "  return 1\n" : one.phase);
    }
  };
  functions("effect", parts.effects);
  functions("command", parts.commands);
  return out + fmt::format("G_EFFECTS={} G_COMMANDS={} G_HOLDS={}\n", parts.effects.size(),
                           parts.commands.size(), parts.holds ? "yes" : "no");
}

}  // namespace

std::vector<std::string> asked_hosts(const Plan& plan) {
  std::set<std::string> out;
  each_slot_use(plan, [&](const std::string& slot, const Script*) {
    out.insert(plan.slot(slot)->hosts.begin(), plan.slot(slot)->hosts.end());
  });
  for (const auto& slot : plan.slots)
    if (slot.role) out.insert(slot.hosts.begin(), slot.hosts.end());
  for (const auto& limit : plan.limits)
    if (limit.healthy) out.insert(limit.hosts.begin(), limit.hosts.end());
  out.erase(plan.guardian);
  return {out.begin(), out.end()};
}

Result<std::string> gate_id(const Plan& plan, const std::string& host) {
  Parts parts;
  std::vector<GateNeed> needs;
  if (const auto done = Collector{plan, host, parts, needs}.all(); !done) return done.error();
  return hex(sha256(text_of(parts)));
}

Result<Gate> make_gate(const std::vector<Plan>& plans, const std::string& host) {
  Gate gate;
  Parts parts;
  for (const auto& plan : plans) {
    if (const auto done = Collector{plan, host, parts, gate.needs}.all(); !done)
      return Error{fmt::format("{}: {}", plan.drill, done.error().what), done.error().hint};
    const auto id = gate_id(plan, host);
    if (!id) return id.error();
    gate.ids[plan.drill] = *id;
  }
  gate.holds = parts.holds;
  gate.text = text_of(parts) + "gate_drills() {\n";
  for (const auto& [drill, id] : gate.ids)
    gate.text += fmt::format("  say {} {}\n", shell_quoted("gate." + drill), id);
  gate.text += "}\n\ngate_main\n";
  gate.sha256 = sha256(gate.text);
  return gate;
}

}  // namespace muster::plan
