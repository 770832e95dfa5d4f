#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "model/scope.hpp"

namespace muster::model {
namespace {

class NameCheck {
 public:
  NameCheck(const Playbook& playbook, Diagnostics& out) : playbook_(playbook), out_(out) {}

  void walk(const Steps& steps, Scope& scope) {
    for (const auto& step : steps) {
      if (step.target) scope.check_slot(*step.target);
      if (step.within_from) check_within(*step.within_from);
      if (step.pick) check_pick(step);
      std::visit([&](const auto& action) { check(action, scope); }, step.action);
      if (const auto* ask = std::get_if<Ask>(&step.action))
        for (const auto& answer : ask->answers) scope.answered(answer);
    }
  }

 private:
  void check_pick(const Step& step) {
    const auto* name = step.target ? &step.target->value : host_slot(step);
    const auto* slot = name ? playbook_.slot(*name) : nullptr;
    if (slot && slot->kind == Slot::Kind::one_of)
      out_.error(step.pick->place,
                 fmt::format("`{}` is one host, chosen by its role at preflight: there is nothing "
                             "to pick from",
                             *name),
                 "leave `pick` away, or use a slot of several hosts");
  }
  void check_within(const Reference& reference) {
    const auto* input = playbook_.input(reference.root());
    if (!input || input->type != ValueType::duration || reference.path.size() > 1)
      out_.error(reference.place,
                 fmt::format("`within` expects an input of type duration, found `{}`",
                             to_string(reference)));
  }
  void check(const Fields& fields, const Scope& scope) {
    for (const auto& field : fields) scope.check(field.value);
  }
  void check(const Inject& inject, const Scope& scope) { check(inject.with, scope); }
  void check(const Restore& restore, const Scope& scope) { check(restore.with, scope); }
  void check(const Check& step, const Scope& scope) { check(step.condition, scope); }
  void check(const Wait& step, const Scope& scope) { check(step.condition, scope); }
  void check(const Approve& approve, const Scope& scope) { scope.check(approve.say); }
  void check(const Tell& tell, const Scope& scope) { scope.check(tell.message); }
  void check(const Run& run, const Scope& scope) {
    scope.check(run.command);
    if (run.undo) scope.check(*run.undo);
    if (run.standard_input) scope.check(*run.standard_input);
  }
  void check(const Play& play, const Scope& scope) {
    check(play.with, scope);
    for (const auto& [theirs, ours] : play.targets) scope.check_slot(ours);
    for (const auto& [theirs, ours] : play.roles) check_role(ours);
  }
  void check(const Condition& condition, const Scope& scope) {
    if (const auto* probe = std::get_if<ProbeIs>(&condition)) return scope.check(probe->probe);
    const auto& name = std::get<ServiceIs>(condition).service;
    std::vector<std::string> right;
    for (const auto& service : playbook_.services) right.push_back(*service.name);
    if (!playbook_.service(*name) && !name->empty())
      out_.unknown(name.place, fmt::format("`{}` is not one of the services", *name), *name, right);
  }
  void check(const Ask& ask, const Scope& scope) {
    scope.check(ask.say);
    check_role(ask.role);
  }
  void check_role(const Located<std::string>& name) {
    std::vector<std::string> right;
    for (const auto& role : playbook_.roles) right.push_back(*role);
    if (!name->empty() && std::find(right.begin(), right.end(), *name) == right.end())
      out_.unknown(name.place, fmt::format("`{}` is not one of the roles", *name), *name, right);
  }
  void check(const Parallel& parallel, Scope& scope) {
    // A branch cannot wait for what another one asks; what follows knows all answers.
    for (const auto& branch : parallel.branches) {
      Scope own = scope;
      walk(branch, own);
    }
    for (const auto& branch : parallel.branches)
      each_step(branch, [&](const Step& step) {
        if (const auto* ask = std::get_if<Ask>(&step.action))
          for (const auto& answer : ask->answers) scope.answered(answer);
      });
  }
  void check(const Revert&, const Scope&) {}
  void check(const Teardown&, const Scope&) {}
  void check(const Pause&, const Scope&) {}
  void check(const Mark&, const Scope&) {}

  const Playbook& playbook_;
  Diagnostics& out_;
};

/// Inputs, targets and answers share one set of names: `${x}` means one thing.
void check_clashes(const Playbook& playbook, Diagnostics& out) {
  std::map<std::string, std::string> taken;
  const auto take = [&](const Located<std::string>& name, const std::string& what) {
    const auto [first, fresh] = taken.try_emplace(*name, what);
    if (!fresh)
      out.error(name.place, fmt::format("`{}` is {} already", *name, first->second),
                "`${…}` would mean two things");
    if (*name == "secret" || *name == "muster" || *name == "host")
      out.error(name.place, fmt::format("`{}` is a word of Muster's own", *name),
                "choose another name");
  };
  for (const auto& input : playbook.inputs) take(input.name, "an input");
  for (const auto& slot : playbook.slots) take(slot.name, "a target");
  each_step(playbook.steps, [&](const Step& step) {
    if (const auto* ask = std::get_if<Ask>(&step.action))
      for (const auto& answer : ask->answers) take(answer.name, "an answer");
  });
}

}  // namespace

void check_names(const Playbook& playbook, Diagnostics& out) {
  check_clashes(playbook, out);
  Scope scope{playbook, out};
  for (const auto& slot : playbook.slots)
    if (slot.where) scope.check_inputs_only(*slot.where);
  for (const auto& service : playbook.services) scope.check(service.probe);
  NameCheck check{playbook, out};
  check.walk(playbook.steps, scope);
  check.walk(playbook.ends, scope);
}

}  // namespace muster::model
