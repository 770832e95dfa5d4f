#include "model/play_binding.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "model/step_reader.hpp"

namespace muster::model {
namespace {

/// Of an input, an answer or a slot's field of the playbook; nothing for a name that dangles.
std::optional<ValueType> input_type_of(const Reference& reference, const Playbook& playbook) {
  if (const auto* input = playbook.input(reference.root())) return input->type;
  if (playbook.slot(reference.root()))
    return reference.path.back() == "port" ? ValueType::integer : ValueType::string;
  std::optional<ValueType> type;
  each_step(playbook.steps, [&](const Step& step) {
    if (const auto* ask = std::get_if<Ask>(&step.action))
      for (const auto& answer : ask->answers)
        if (*answer.name == reference.root()) type = answer.type;
  });
  return type;
}

class Binder {
 public:
  Binder(const Step& step, const Playbook& inner, const Playbook& outer, Diagnostics& out)
      : step_(step), play_(std::get<Play>(step.action)), inner_(inner), outer_(outer), out_(out) {
    made_.prefix = step.id + "/";
  }

  PlayBinding bind() {
    inputs();
    slots();
    roles();
    for (const auto& service : inner_.services)
      if (!outer_.service(*service.name))
        out_.error(play_.playbook.place,
                   fmt::format("`{}` needs the service `{}`, and there is none of that name here",
                               *inner_.name, *service.name),
                   "define it under `services` here; the definition here is the one that counts");
    each_step(inner_.steps, [&](const Step& step) {
      if (const auto* ask = std::get_if<Ask>(&step.action))
        for (const auto& answer : ask->answers) made_.answers.insert(*answer.name);
    });
    return std::move(made_);
  }

 private:
  void inputs() {
    std::vector<std::string> right;
    for (const auto& input : inner_.inputs) {
      right.push_back(*input.name);
      const Value* given = find(play_.with, *input.name);
      if (given) check(*given, input);
      if (given) check_times(*given, input);
      if (!given && input.preset) given = &*input.preset;
      if (given)
        made_.inputs[*input.name] = given;
      else
        out_.error(play_.playbook.place,
                   fmt::format("the input `{}` of `{}` is not given", *input.name, *inner_.name),
                   fmt::format("with: {{{}: …}}", *input.name));
    }
    for (const auto& field : play_.with)
      if (!inner_.input(*field.key))
        out_.unknown(field.key.place,
                     fmt::format("`{}` is no input of the playbook `{}`", *field.key, *inner_.name),
                     *field.key, right);
  }

  void check(const Value& value, const Input& input) {
    const auto found = references(value);
    if (found.empty()) return check_literal(value, input.type, out_);
    const auto misfits = [&](const Place& place, std::string_view is) {
      out_.error(place, fmt::format("the input `{}` of `{}` is a {}, found {}", *input.name,
                                    *inner_.name, to_string(input.type), is));
    };
    const auto* text = value.text();
    if (!text) {
      if (input.type != ValueType::list || !value.list()) misfits(value.place, "a list or map");
      return;
    }
    const auto* whole = text->whole();
    if (!whole && input.type != ValueType::string) return misfits(value.place, "a text");
    if (!whole) return;
    const auto type = input_type_of(*whole, outer_);
    const bool fits = !type || *type == input.type ||
                      (input.type == ValueType::string && *type != ValueType::list);
    if (!fits)
      misfits(whole->place, fmt::format("`{}`, a {}", model::to_string(*whole), to_string(*type)));
  }

  /// A step's time limit is fixed before the run: an answer comes too late for it.
  void check_times(const Value& value, const Input& input) {
    const auto* text = value.text();
    const auto* whole = text ? text->whole() : nullptr;
    if (!whole || outer_.input(whole->root())) return;
    const auto look = [&](const Step& step) {
      if (step.within_from && step.within_from->root() == *input.name)
        out_.error(
            whole->place,
            fmt::format("`{}` becomes the `within` of the step `{}`, and is not known before "
                        "the run",
                        model::to_string(*whole), step.name),
            "give a duration, or an input");
    };
    each_step(inner_.steps, look);
    each_step(inner_.ends, look);
  }

  /// Ours for theirs: as `names` say, else the same.
  std::string ours(const Play::Names& names, const std::string& theirs) const {
    for (const auto& [inner, outer] : names)
      if (*inner == theirs) return *outer;
    return theirs;
  }

  void slots() {
    std::vector<std::string> right;
    for (const auto& slot : inner_.slots) {
      right.push_back(*slot.name);
      const auto name = ours(play_.targets, *slot.name);
      const Slot* filled_by = outer_.slot(name);
      if (!filled_by)
        out_.error(play_.playbook.place,
                   fmt::format("the target `{}` of `{}` is not filled", *slot.name, *inner_.name),
                   fmt::format("targets: {{{}: one of the targets here}}", *slot.name));
      else
        check(slot, *filled_by);
      made_.slots[*slot.name] = name;
    }
    for (const auto& [inner, outer] : play_.targets)
      if (!inner_.slot(*inner))
        out_.unknown(inner.place,
                     fmt::format("`{}` is no target of the playbook `{}`", *inner, *inner_.name),
                     *inner, right);
  }

  void check(const Slot& slot, const Slot& filled_by) {
    const auto wants = [&](const std::string& what) {
      out_.error(play_.playbook.place,
                 fmt::format("the target `{}` of `{}` wants {}, `{}` is not", *slot.name,
                             *inner_.name, what, *filled_by.name));
    };
    using Kind = Slot::Kind;
    if (slot.kind == Kind::one_of) {
      if (filled_by.kind != Kind::one_of) return wants("one that is chosen by its role (one_of)");
      if (asked(*slot.where) != asked(*filled_by.where))
        wants("one that is chosen by the same `where`");
    } else if (slot.kind == Kind::hosts) {
      const bool one = slot.count == 1 && filled_by.is_single();
      if (!one && (filled_by.kind != Kind::hosts || filled_by.count != slot.count))
        wants(slot.count == 1 ? "one host" : fmt::format("exactly {} hosts", slot.count));
    } else if ((filled_by.kind == Kind::one_of ? 1 : filled_by.count) < slot.count) {
      wants(fmt::format("at least {} hosts", slot.count));
    }
  }

  /// Compared as written: which host it is must not depend on who reads the playbook.
  static std::vector<std::string> asked(const Where& where) {
    if (const auto* sql = std::get_if<Text>(&where.question)) return {sql->written()};
    std::vector<std::string> words{"command"};
    for (const auto& word : std::get<Command>(where.question).argv) words.push_back(word.written());
    return words;
  }

  void roles() {
    std::vector<std::string> right;
    for (const auto& role : inner_.roles) {
      right.push_back(*role);
      const auto name = ours(play_.roles, *role);
      bool found = false;
      for (const auto& outer : outer_.roles) found = found || *outer == name;
      if (!found)
        out_.error(play_.playbook.place,
                   fmt::format("the role `{}` of `{}` is nobody's here", *role, *inner_.name),
                   fmt::format("roles: {{{}: one of the roles here}}", *role));
      made_.roles[*role] = name;
    }
    for (const auto& [inner, outer] : play_.roles)
      if (std::find(right.begin(), right.end(), *inner) == right.end())
        out_.unknown(inner.place,
                     fmt::format("`{}` is no role of the playbook `{}`", *inner, *inner_.name),
                     *inner, right);
  }

  const Step& step_;
  const Play& play_;
  const Playbook& inner_;
  const Playbook& outer_;
  Diagnostics& out_;
  PlayBinding made_;
};

}  // namespace

std::optional<PlayBinding> bind_play(const Step& step, const Playbook& inner, const Playbook& outer,
                                     Diagnostics& out) {
  const auto before = out.count();
  auto made = Binder{step, inner, outer, out}.bind();
  if (out.count() != before) return std::nullopt;
  return made;
}

}  // namespace muster::model
