#include "model/scope.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace muster::model {
namespace {

bool holds(const std::vector<std::string>& words, const std::string& word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

}  // namespace

Scope::Scope(const Playbook& playbook, Diagnostics& out) : playbook_(playbook), out_(out) {
  each_step(playbook.steps, [&](const Step& step) {
    if (const auto* ask = std::get_if<Ask>(&step.action))
      for (const auto& answer : ask->answers) asked_.push_back(*answer.name);
  });
}

void Scope::answered(const AnswerSpec& answer) {
  answers_.push_back(*answer.name);
}

void Scope::check(const Text& text) const {
  for (const auto* reference : text.references()) check(*reference);
}

void Scope::check(const Value& value) const {
  for (const auto* reference : references(value)) check(*reference);
}

void Scope::check(const Command& command) const {
  for (const auto& argument : command.argv) check(argument);
}

void Scope::check(const Probe& probe) const {
  for (const auto& field : probe.values) check(field.value);
  if (probe.on_host) check_slot(*probe.on_host);
}

void Scope::check_inputs_only(const Where& where) const {
  std::vector<const Reference*> found;
  if (const auto* sql = std::get_if<Text>(&where.question)) {
    found = sql->references();
  } else {
    for (const auto& argument : std::get<Command>(where.question).argv)
      for (const auto* reference : argument.references()) found.push_back(reference);
  }
  for (const auto* reference : found)
    if (!playbook_.input(reference->root()) || reference->path.size() != 1)
      out_.error(reference->place, fmt::format("`{}` in `where`: only inputs are known there",
                                               to_string(*reference)));
}

void Scope::check_slot(const Located<std::string>& name) const {
  if (name->empty() || playbook_.slot(*name)) return;
  std::vector<std::string> right;
  for (const auto& slot : playbook_.slots) right.push_back(*slot.name);
  out_.unknown(name.place, fmt::format("`{}` is not one of the targets", *name), *name, right);
}

void Scope::check(const Reference& reference) const {
  const auto& root = reference.root();
  if (root == "secret") return;  // the reader let it stand; plan/ knows which there are
  if (const auto* slot = playbook_.slot(root)) return check_field(reference, *slot);
  if (playbook_.input(root) || holds(answers_, root)) {
    if (reference.path.size() > 1)
      out_.error(reference.place,
                 fmt::format("`{}`: `{}` has no fields", to_string(reference), root));
    return;
  }
  if (holds(asked_, root))
    return out_.error(reference.place,
                      fmt::format("`{}` is not answered yet", to_string(reference)),
                      "the step that asks for it must come before");
  std::vector<std::string> right = answers_;
  for (const auto& input : playbook_.inputs) right.push_back(*input.name);
  for (const auto& slot : playbook_.slots) right.push_back(*slot.name);
  out_.unknown(reference.place,
               fmt::format("`{}` is no input, no target and no answer", to_string(reference)), root,
               right);
}

void Scope::check_field(const Reference& reference, const Slot& slot) const {
  const auto& fields = slot_fields();
  const auto written = to_string(reference);
  if (reference.path.size() == 1)
    return out_.error(reference.place, fmt::format("`{}` is a target, not a text", written),
                      fmt::format("write ${{{}.address}} or ${{{}.name}}", *slot.name, *slot.name));
  if (reference.path.size() > 2 || !holds(fields, reference.path[1]))
    return out_.unknown(reference.place, fmt::format("`{}`: a target has no such field", written),
                        reference.path[1], fields);
  if (!slot.is_single())
    out_.error(reference.place, fmt::format("`{}` has no one answer", written),
               fmt::format("`{}` may be several hosts", *slot.name));
}

}  // namespace muster::model
