// The steps of a playbook as a play of it makes them: every name that the inner playbook uses
// becomes what it means outside.
#include <fmt/format.h>

#include <type_traits>

#include "model/play_binding.hpp"

namespace muster::model {
namespace {

class Played {
 public:
  Played(const PlayBinding& binding, Diagnostics& out) : in_(binding), out_(out) {}

  Steps steps(const Steps& inner) const {
    Steps made = inner;
    for (auto& step : made) rewrite(step);
    return made;
  }

 private:
  void rewrite(Step& step) const {
    step.id = in_.prefix + step.id;
    if (step.target) slot(*step.target);
    if (step.within_from) within(step);
    std::visit([this](auto& action) { rewrite(action); }, step.action);
  }

  /// An input of type duration: its type was checked, so it is a literal or one of ours.
  void within(Step& step) const {
    const auto given = in_.inputs.find(step.within_from->root());
    const auto* text = given == in_.inputs.end() ? nullptr : given->second->text();
    step.within_from.reset();
    if (!text) return;
    if (const auto* whole = text->whole())
      step.within_from = *whole;
    else if (const auto time = parse_duration(text->written()))
      step.within = *time;
  }

  void slot(Located<std::string>& name) const {
    if (const auto it = in_.slots.find(*name); it != in_.slots.end()) name.value = it->second;
  }
  void role(Located<std::string>& name) const {
    if (const auto it = in_.roles.find(*name); it != in_.roles.end()) name.value = it->second;
  }

  void rewrite(Text& text) const {
    std::vector<Text::Part> parts;
    const auto add = [&parts](const Text::Part& part) {
      auto* last = parts.empty() ? nullptr : std::get_if<std::string>(&parts.back());
      const auto* literal = std::get_if<std::string>(&part);
      if (last && literal)
        *last += *literal;
      else
        parts.push_back(part);
    };
    for (const auto& part : text.parts) {
      const auto* reference = std::get_if<Reference>(&part);
      const auto given = reference ? in_.inputs.find(reference->root()) : in_.inputs.end();
      if (given == in_.inputs.end()) {
        add(reference ? Text::Part{renamed(*reference)} : part);
      } else if (const auto* value = given->second->text()) {
        for (const auto& one : value->parts) add(one);
      } else {
        out_.error(reference->place,
                   fmt::format("`{}` is a list and cannot stand inside a text", reference->root()),
                   "use it alone, as the whole value");
      }
    }
    text.parts = std::move(parts);
  }

  Reference renamed(Reference reference) const {
    auto& root = reference.path.front();
    if (const auto it = in_.slots.find(root); it != in_.slots.end())
      root = it->second;
    else if (in_.answers.contains(root))
      root = in_.prefix + root;
    return reference;
  }

  void rewrite(Value& value) const {
    if (auto* text = std::get_if<Text>(&value.data)) {
      // Alone it keeps its type: a list given is a list here.
      const auto* whole = text->whole();
      const auto given = whole ? in_.inputs.find(whole->root()) : in_.inputs.end();
      if (given != in_.inputs.end() && !given->second->text())
        value = Value{*given->second};
      else
        rewrite(*text);
    } else if (auto* list = std::get_if<std::vector<Value>>(&value.data)) {
      for (auto& item : *list) rewrite(item);
    } else {
      rewrite(std::get<Fields>(value.data));
    }
  }
  void rewrite(Fields& fields) const {
    for (auto& field : fields) rewrite(field.value);
  }
  void rewrite(Command& command) const {
    for (auto& word : command.argv) rewrite(word);
  }

  void rewrite(Condition& condition) const {
    auto* is = std::get_if<ProbeIs>(&condition);
    if (!is) return;
    rewrite(is->probe.values);
    if (is->probe.on_host) slot(*is->probe.on_host);
  }

  void rewrite(Inject& action) const { rewrite(action.with); }
  void rewrite(Restore& action) const { rewrite(action.with); }
  void rewrite(Revert& action) const { action.step.value = in_.prefix + *action.step; }
  void rewrite(Teardown& action) const { action.step.value = in_.prefix + *action.step; }
  void rewrite(Check& action) const { rewrite(action.condition); }
  void rewrite(Wait& action) const { rewrite(action.condition); }
  void rewrite(Run& action) const {
    rewrite(action.command);
    if (action.undo) rewrite(*action.undo);
    if (action.standard_input) rewrite(*action.standard_input);
  }
  void rewrite(Ask& action) const {
    role(action.role);
    rewrite(action.say);
    for (auto& answer : action.answers) answer.name.value = in_.prefix + *answer.name;
  }
  void rewrite(Approve& action) const { rewrite(action.say); }
  void rewrite(Tell& action) const { rewrite(action.message); }
  void rewrite(Parallel& action) const {
    for (auto& branch : action.branches)
      for (auto& step : branch) rewrite(step);
  }
  void rewrite(Pause&) const {}
  void rewrite(Mark&) const {}
  void rewrite(Play&) const {}  // expanded before

  const PlayBinding& in_;
  Diagnostics& out_;
};

}  // namespace

Steps played(const Steps& inner, const PlayBinding& binding, Diagnostics& out) {
  return Played{binding, out}.steps(inner);
}

}  // namespace muster::model
