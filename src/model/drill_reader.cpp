#include "model/drill_reader.hpp"

#include <fmt/format.h>

#include "model/guardrail_reader.hpp"
#include "model/play.hpp"
#include "model/playbook_check.hpp"
#include "model/playbook_reader.hpp"
#include "model/scope.hpp"
#include "model/shapes.hpp"
#include "model/step_reader.hpp"

namespace muster::model {
namespace {

template <class List, class Get>
std::vector<std::string> names(const List& list, Get get) {
  std::vector<std::string> out;
  for (const auto& one : list) out.push_back(get(one));
  return out;
}

class DrillReader {
 public:
  DrillReader(const config::Node& document, const DrillContext& context, Diagnostics& out)
      : context_(context),
        out_(out),
        of_playbook_(document.find("playbook") != nullptr),
        map_(document, of_playbook_ ? drill_of_playbook_shape() : drill_with_steps_shape(), out) {}

  std::optional<Drill> read() {
    const auto name = map_.required_located<config::Name>("drill");
    drill_.name = {name.value.text, name.place};
    drill_.title = map_.or_default<std::string>("title");
    drill_.why = map_.or_default<std::string>("why");
    const auto owner = map_.required_located<std::string>("owner");
    drill_.owner = owner.value;
    drill_.change = map_.or_default<std::string>("change");
    if (const auto* roles = map_.get("roles")) read_roles(*roles);
    const bool found = of_playbook_ ? take_playbook() : read_own_body();
    if (const auto* objectives = map_.get("objectives"))
      drill_.objectives = read_objectives(*objectives, out_);
    if (const auto* detect = map_.get("detect")) drill_.detects = read_detects(*detect, out_);
    if (const auto* guardrails = map_.get("guardrails"))
      drill_.guardrails = read_guardrails(*guardrails, out_);
    if (const auto* estimate = map_.get("estimate"))
      drill_.estimate = read_estimate(*estimate, out_);
    if (const auto* schedule = map_.get("schedule"))
      drill_.schedule = read_schedule(*schedule, out_);
    if (const auto* due = map_.get("due")) drill_.due = read_due(*due, out_);
    map_.finish();
    if (!found || drill_.name->empty()) return std::nullopt;
    check_drill(drill_, owner.place, context_, out_);
    check_guardrails(drill_, out_);
    if (!out_.empty()) return std::move(drill_);
    if (drill_.own_body) check_playbook(drill_.playbook, out_);
    check_limits(drill_, out_);
    return std::move(drill_);
  }

 private:
  bool take_playbook() {
    drill_.own_body = false;
    const auto wanted = map_.required_located<config::Name>("playbook");
    const Playbook* playbook = nullptr;
    for (const auto& one : context_.playbooks)
      if (*one.name == wanted.value.text) playbook = &one;
    if (!playbook && !wanted.value.text.empty())
      out_.unknown(wanted.place, fmt::format("there is no playbook `{}`", wanted.value.text),
                   wanted.value.text, names(context_.playbooks, [](auto& p) { return *p.name; }));
    const auto* targets = map_.get("targets");
    const auto* with = map_.get("with");
    if (!playbook) return false;
    drill_.playbook = *playbook;
    if (targets) fill_slots(*targets);
    for (const auto& slot : playbook->slots)
      if (!drill_.fill(*slot.name) && !(targets && targets->find(*slot.name)))
        out_.error(targets ? targets->place : map_.place(),
                   fmt::format("the target `{}` is not filled", *slot.name),
                   "name a host or group");
    give_inputs(with);
    set_times(drill_.playbook.steps);
    set_times(drill_.playbook.ends);
    return true;
  }

  bool read_own_body() {
    drill_.own_body = true;
    auto& body = drill_.playbook;
    body.name = drill_.name;
    body.title = drill_.title;
    for (const auto& holder : drill_.roles) body.roles.push_back(holder.role);
    if (const auto* targets = map_.get("targets")) own_targets(*targets);
    read_body(map_, body, out_);
    check_names(body, out_);
    expand_plays(body, context_.playbooks, out_);
    return true;
  }

  void fill(const Located<std::string>& slot, const Located<std::string>& pattern) {
    const auto hosts = context_.inventory.select(*pattern);
    if (!hosts) return out_.error(pattern.place, hosts.error().what, hosts.error().hint);
    drill_.fills.push_back({slot, pattern, *hosts});
  }

  void fill_slots(const config::Node& node) {
    if (!node.is_map())
      out_.error(node.place, "expected targets (a map), found " + config::description(node));
    for (const auto& entry : node.entries) {
      const Slot* slot = drill_.playbook.slot(entry.key);
      if (!slot) {
        out_.unknown(
            entry.place,
            fmt::format("`{}` is no target of the playbook `{}`", entry.key, *drill_.playbook.name),
            entry.key, names(drill_.playbook.slots, [](auto& s) { return *s.name; }));
        continue;
      }
      if (const auto pattern = config::read<std::string>(entry.value, out_))
        fill({entry.key, entry.place}, {*pattern, entry.value.place});
      check_count(*slot);
    }
  }

  void check_count(const Slot& slot) {
    const auto* given = drill_.fill(*slot.name);
    if (!given) return;
    const auto count = static_cast<int>(given->hosts.size());
    if (slot.kind == Slot::Kind::hosts && count != slot.count)
      out_.error(given->pattern.place,
                 fmt::format("`{}` wants {} host{}, '{}' selects {}", *slot.name, slot.count,
                             slot.count == 1 ? "" : "s", *given->pattern, count));
    if (slot.kind == Slot::Kind::group && count < slot.count)
      out_.error(given->pattern.place, fmt::format("`{}` wants at least {} hosts, '{}' selects {}",
                                                   *slot.name, slot.count, *given->pattern, count));
  }

  /// `scratch: dr-1`, or a slot's definition with the pattern in it: `{one_of: db, where: …}`.
  void own_targets(const config::Node& node) {
    if (!node.is_map())
      out_.error(node.place, "expected targets (a map), found " + config::description(node));
    for (const auto& entry : node.entries) {
      Slot slot;
      slot.name = {entry.key, entry.place};
      Located<std::string> pattern;
      if (entry.value.is_map()) {
        slot = read_slot(entry, pattern, out_);
        if (slot.kind == Slot::Kind::hosts)
          out_.error(entry.value.place, fmt::format("nobody fills `{}`", entry.key),
                     "a drill with its own steps names its hosts: `target: host`");
      } else if (const auto text = config::read<std::string>(entry.value, out_)) {
        pattern = {*text, entry.value.place};
        if (!config::is_name(entry.key))
          out_.error(entry.place, fmt::format("`{}` is not a name", entry.key));
      }
      if (!pattern->empty()) fill(slot.name, pattern);
      const auto* given = drill_.fill(entry.key);
      if (given && slot.kind == Slot::Kind::hosts)
        slot.count = static_cast<int>(given->hosts.size());
      check_count(slot);
      drill_.playbook.slots.push_back(std::move(slot));
    }
  }

  void give_inputs(const config::Node* with) {
    const Fields fields = with ? parse_fields(*with, "inputs (a map)", out_) : Fields{};
    for (const auto& field : fields)
      if (!drill_.playbook.input(*field.key))
        out_.unknown(
            field.key.place,
            fmt::format("`{}` is no input of the playbook `{}`", *field.key, *drill_.playbook.name),
            *field.key, names(drill_.playbook.inputs, [](auto& i) { return *i.name; }));
    for (const auto& input : drill_.playbook.inputs) {
      if (const auto* value = find(fields, *input.name)) {
        check_literal(*value, input.type, out_);
        drill_.inputs.push_back({*input.name, input.type, *value});
      } else if (input.preset) {
        drill_.inputs.push_back({*input.name, input.type, *input.preset});
      } else if (!with || !with->find(*input.name)) {
        out_.error(with ? with->place : map_.place(),
                   fmt::format("the input `{}` is not given", *input.name), input.help);
      }
    }
  }

  /// What is wrong with the input has been reported where it was given.
  void set_times(Steps& steps) {
    for (auto& step : steps) {
      const auto* given = step.within_from ? drill_.input(step.within_from->root()) : nullptr;
      if (const auto* text = given ? given->value.text() : nullptr)
        if (const auto time = parse_duration(text->written())) step.within = *time;
      if (auto* parallel = std::get_if<Parallel>(&step.action))
        for (auto& branch : parallel->branches) set_times(branch);
    }
  }

  void read_roles(const config::Node& node) {
    if (!node.is_map())
      out_.error(node.place, "expected roles (a map), found " + config::description(node));
    for (const auto& entry : node.entries) {
      config::Map map{entry.value, role_holder_shape(), out_};
      RoleHolder role;
      role.role = {entry.key, entry.place};
      if (!config::is_name(entry.key))
        out_.error(entry.place, fmt::format("`{}` is not a name", entry.key));
      role.holder = map.required_located<std::string>("holder");
      role.deputy = map.located<std::string>("deputy");
      map.finish();
      drill_.roles.push_back(std::move(role));
    }
  }

  const DrillContext& context_;
  Diagnostics& out_;
  bool of_playbook_;
  config::Map map_;
  Drill drill_;
};

}  // namespace

std::optional<Drill> read_drill(const config::Node& document, const DrillContext& context,
                                Diagnostics& out) {
  return DrillReader{document, context, out}.read();
}

}  // namespace muster::model
