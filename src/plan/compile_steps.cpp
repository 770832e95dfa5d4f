#include <fmt/format.h>

#include <array>

#include "model/step_shapes.hpp"
#include "model/with_shapes.hpp"
#include "plan/bind.hpp"
#include "plan/compiler.hpp"

namespace muster::plan {

namespace {

/// How long a step of a word may take when the file does not say; every step is bounded.
Duration default_within(const Action& action) {
  using namespace std::chrono_literals;
  if (const auto* pause = std::get_if<Pause>(&action)) return pause->length + 1min;
  const auto* key = model::step_shape(word_of(action)).key("within");
  return key ? parse_duration(key->need.preset).value() : Duration{1min};
}

}  // namespace

void Compiler::add_script(Script script) {
  plan_.scripts.emplace(script.name, std::move(script));
}

/// A protected host that is reached at the same address; nullptr when there is none.
const model::Host* Compiler::protected_twin(const std::string& name) const {
  const auto at = [](const model::Host& host) {
    const bool local = host.connection == model::Connection::local;
    return std::pair{local ? std::string{"this machine"} : host.address,
                     local ? 0 : host.port.value_or(22)};
  };
  const auto& host = *in_.inventory.host(name);
  for (const auto& other : in_.inventory.hosts)
    if (other.is_protected && other.name != name && at(other) == at(host)) return &other;
  return nullptr;
}

void Compiler::may_touch(const config::Place& place, const std::string& slot) {
  // Of a pick, and of a slot that is chosen by its role: none of those that it is chosen from.
  // Another seed or role must not make a refused drill.
  const auto* fill = drill_.fill(slot);
  if (!fill) return;
  for (const auto& host : fill->hosts)
    if (plan_.hosts.at(host).is_protected)
      out_.error(place, fmt::format("{} is protected: no step may touch it", host),
                 "take it out of the target, or remove `muster_protected` from the inventory");
    else if (const auto* other = protected_twin(host))
      out_.error(place,
                 fmt::format("{} is the same machine as {}, which is protected: both are {}", host,
                             other->name, plan_.hosts.at(host).address.address),
                 "no step may touch it, by whatever name");
}

void Compiler::may_touch(const model::Step& step) {
  if (step.target) may_touch(step.place, step.target->value);
}

Action Compiler::inject(const model::Step& step, const model::Inject& from) {
  Inject made;
  made.fault = *from.fault;
  made.slot = target_of(step);
  std::vector<std::string> names;
  for (const auto& [name, fault] : catalogue::builtin_faults())
    if (name != "command") names.push_back(name);
  const auto it = catalogue::builtin_faults().find(made.fault);
  if (it == catalogue::builtin_faults().end() || made.fault == "command") {
    out_.unknown(from.fault.place, fmt::format("`{}` is not a fault of the catalogue", made.fault),
                 made.fault, names);
    return made;
  }
  const catalogue::Fault& fault = it->second;
  may_use(from.fault.place, made.fault);
  may_touch(step);
  const bool guarded = fault.healer == catalogue::Healer::guardian;
  if (const auto* fill = drill_.fill(step.target ? step.target->value : ""); fill && guarded) {
    for (const auto& host : fill->hosts)
      if (!plan_.hosts.at(host).power)
        out_.error(
            step.target->place,
            fmt::format(
                "{} has no `muster_power` in the inventory: nothing could switch it on again",
                host),
            "give it the commands down, up and status, out of band");
    if (!is_one_host(made.slot))
      out_.error(step.target->place, fmt::format("{} takes one host at a time", made.fault),
                 "use a slot of one host, or pick one");
  }
  made.values = values(model::given_parameters(fault), from.with, step.place, made.fault);
  add_script({fault.name, fault.script, fault.sha256, fault.healer, fault.tools});
  return made;
}

Action Compiler::restore(const model::Step& step, const model::Restore& from) {
  Restore made;
  made.provider = *from.provider;
  made.slot = target_of(step);
  std::vector<std::string> names;
  for (const auto& [name, provider] : catalogue::restore_providers()) names.push_back(name);
  const auto it = catalogue::restore_providers().find(made.provider);
  if (it == catalogue::restore_providers().end()) {
    out_.unknown(from.provider.place, fmt::format("`{}` is not a restore provider", made.provider),
                 made.provider, names);
    return made;
  }
  const auto& provider = it->second;
  may_use(from.provider.place, made.provider);
  may_touch(step);
  if (!is_one_host(made.slot))
    out_.error(step.target->place, "a restore goes to one host",
               "use a slot of one host, or pick one; and a step for each");
  made.values = values(provider.parameters, from.with, step.place, made.provider);
  bool open = false;
  for (const auto& [name, text] : made.values) open = open || text.find("${") != std::string::npos;
  if (!open)
    for (const auto& problem : provider.check(made.values, catalogue::Spelt::planned))
      out_.error(step.place, problem);
  add_script(
      {provider.name, provider.script, provider.sha256, catalogue::Healer::target, provider.tools});
  return made;
}

Action Compiler::run_command(const model::Step& step, const model::Run& from) {
  Run made;
  made.slot = target_of(step);
  made.argv = argv(from.command);
  made.shell = from.command.shell;
  made.no_return = from.no_return;
  if (from.undo) made.undo = argv(*from.undo);
  if (from.standard_input) made.standard_input = text(*from.standard_input);
  may_use(step.place, "command");
  may_touch(step);
  if (!from.undo && !from.no_return)
    out_.error(step.place, "a `run` says how it is undone, or that it is not",
               "add `undo: [command, …]` or `no_return: true`; a command that changes nothing is a "
               "`check`");
  if (from.undo) {
    const auto& command = catalogue::builtin_faults().at("command");
    add_script({command.name, command.script, command.sha256, command.healer, command.tools});
  }
  return made;
}

Action Compiler::ask(const model::Ask& from) {
  Ask made;
  made.role = *from.role;
  made.say = text(from.say);
  for (const auto& answer : from.answers) {
    AnswerSpec spec{*answer.name, std::string{model::to_string(answer.type)}, {}};
    if (answer.preset)
      if (const auto* literal = answer.preset->text()) spec.fallback = literal->written();
    made.answers.push_back(std::move(spec));
  }
  constexpr std::array<Late, 3> late{Late::fail, Late::escalate, Late::proceed};
  made.late = late[static_cast<std::size_t>(from.late)];
  made.mark = from.mark;
  return made;
}

Action Compiler::approve(const model::Step& step, const model::Approve& from) {
  Approve made;
  made.from = from.from;
  made.need = static_cast<unsigned>(from.need);
  made.say = text(from.say);
  if (made.say.empty()) made.say = escaped(step.name);
  made.late = from.late == model::Late::escalate ? Late::escalate : Late::fail;
  return made;
}

Condition Compiler::condition(const model::Step& step, const model::Condition& from) {
  if (const auto* service = std::get_if<model::ServiceIs>(&from))
    return ServiceIs{*service->service, service->up};
  const auto& probe_is = std::get<model::ProbeIs>(from);
  auto spec = probe(probe_is.probe);
  if (!probe_is.probe.on_host) return ProbeIs{std::move(spec), probe_is.up};
  const auto& kind = *probe_is.probe.kind;
  may_touch(probe_is.probe.place, probe_is.probe.on_host->value);
  CommandHolds holds{target_of(step), kind.command(spec), {}};
  if (holds.argv != spec.list(kind.shorthand)) holds.what = catalogue::describe(spec);
  for (const auto& word : holds.argv)
    if (!secrets_in(word).empty())
      out_.error(probe_is.probe.place,
                 "a secret in what is asked on hosts: it would be an argument",
                 "leave `on_host` away, or use a `run` step with `stdin`");
  return holds;
}

Action Compiler::action(const model::Step& step) {
  return std::visit(
      [&](const auto& a) -> Action {
        using A = std::decay_t<decltype(a)>;
        if constexpr (std::is_same_v<A, model::Inject>) return inject(step, a);
        if constexpr (std::is_same_v<A, model::Revert>) return Revert{*a.step};
        if constexpr (std::is_same_v<A, model::Restore>) return restore(step, a);
        if constexpr (std::is_same_v<A, model::Teardown>) return Teardown{*a.step};
        if constexpr (std::is_same_v<A, model::Check>) return Check{condition(step, a.condition)};
        if constexpr (std::is_same_v<A, model::Wait>) return Wait{condition(step, a.condition)};
        if constexpr (std::is_same_v<A, model::Run>) return run_command(step, a);
        if constexpr (std::is_same_v<A, model::Ask>) return ask(a);
        if constexpr (std::is_same_v<A, model::Approve>) return approve(step, a);
        if constexpr (std::is_same_v<A, model::Tell>) return Tell{text(a.message)};
        if constexpr (std::is_same_v<A, model::Pause>) return Pause{a.length};
        if constexpr (std::is_same_v<A, model::Mark>) return Mark{a.moment};
        return Mark{};  // parallel: taken apart by sequence(); play: by the loader
      },
      step.action);
}

std::vector<std::size_t> Compiler::sequence(const model::Steps& steps,
                                            std::vector<std::size_t> after,
                                            std::vector<Step>& into) {
  for (const auto& step : steps) {
    if (const auto* parallel = std::get_if<model::Parallel>(&step.action)) {
      std::vector<std::size_t> ends;
      for (const auto& branch : parallel->branches) {
        const auto last = sequence(branch, after, into);
        ends.insert(ends.end(), last.begin(), last.end());
      }
      after = std::move(ends);
      continue;
    }
    Step made;
    made.id = step.id;
    made.name = step.name;
    made.place = config::to_string(step.place);
    made.after = after;
    made.action = action(step);
    made.within = step.within.value_or(default_within(made.action));
    made.stop_on_failure = step.on_failure == model::OnFailure::stop;
    into.push_back(std::move(made));
    after = {into.size() - 1};
  }
  return after;
}

std::vector<Step> Compiler::steps(const model::Steps& from) {
  std::vector<Step> out;
  sequence(from, {}, out);
  return out;
}

}  // namespace muster::plan
