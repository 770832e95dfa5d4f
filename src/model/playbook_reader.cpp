#include "model/playbook_reader.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "model/playbook_check.hpp"
#include "model/probe_reader.hpp"
#include "model/reading.hpp"
#include "model/scope.hpp"
#include "model/shapes.hpp"
#include "model/step_reader.hpp"

namespace muster::model {
namespace {

constexpr std::size_t kStepsInAllMax = 2000;

void check_name(const config::Entry& entry, Diagnostics& out) {
  if (!config::is_name(entry.key))
    out.error(entry.place, fmt::format("`{}` is not a name", entry.key),
              "letters, digits, `_` and `-`, at most 64");
}

int read_count(config::Map& map, std::string_view key) {
  return static_cast<int>(std::max<std::int64_t>(map.or_default<std::int64_t>(key), 1));
}

std::vector<Input> read_inputs(const config::Node& node, Diagnostics& out) {
  std::vector<Input> inputs;
  if (!node.is_map())
    out.error(node.place, "expected inputs (a map), found " + config::description(node));
  for (const auto& entry : node.entries) {
    check_name(entry, out);
    Input input;
    input.name = {entry.key, entry.place};
    read_typed(entry.value, input_shape(), input.type, input.preset, &input.help, out);
    inputs.push_back(std::move(input));
  }
  return inputs;
}

std::vector<Slot> read_slots(const config::Node& node, Diagnostics& out) {
  std::vector<Slot> slots;
  if (!node.is_map())
    out.error(node.place, "expected targets (a map), found " + config::description(node));
  for (const auto& entry : node.entries) {
    Located<std::string> given;
    auto slot = read_slot(entry, given, out);
    const std::string_view right = slot.kind == Slot::Kind::one_of ? "group" : "true";
    if (slot.kind != Slot::Kind::hosts && !given->empty() && *given != right)
      out.error(given.place, fmt::format("expected `{}`, found '{}'", right, *given),
                "a playbook names no hosts; the drill does");
    slots.push_back(std::move(slot));
  }
  return slots;
}

std::vector<Located<std::string>> read_roles(const config::Node& node, Diagnostics& out) {
  std::vector<Located<std::string>> roles;
  if (!node.is_sequence())
    out.error(node.place, "expected a list of roles, found " + config::description(node));
  for (const auto& item : node.items)
    if (const auto name = config::read<config::Name>(item, out)) {
      for (const auto& other : roles)
        if (*other == name->text)
          out.error(item.place, fmt::format("the role `{}` is here twice", name->text));
      roles.push_back({name->text, item.place});
    }
  return roles;
}

}  // namespace

Where read_where(const config::Node& node, Diagnostics& out) {
  Where where;
  where.place = node.place;
  config::Map map{node, where_shape(), out};
  if (auto sql = map.optional<Text>("postgres")) where.question = *std::move(sql);
  if (auto command = map.optional<Command>("command")) where.question = *std::move(command);
  map.finish();
  return where;
}

Slot read_slot(const config::Entry& entry, Located<std::string>& filled, Diagnostics& out) {
  Slot slot;
  slot.name = {entry.key, entry.place};
  check_name(entry, out);
  const Shape* shape = config::shape_of(
      entry.value, {&target_hosts_shape(), &target_one_of_shape(), &target_group_shape()},
      "a target", out);
  if (!shape) return slot;
  config::Map map{entry.value, *shape, out};
  if (shape == &target_hosts_shape()) {
    slot.count = read_count(map, "hosts");
  } else if (shape == &target_one_of_shape()) {
    slot.kind = Slot::Kind::one_of;
    filled = map.required_located<std::string>("one_of");
    if (const auto* where = map.need("where")) slot.where = read_where(*where, out);
  } else {
    slot.kind = Slot::Kind::group;
    filled = map.required_located<std::string>("group");
    slot.count = read_count(map, "min");
  }
  map.finish();
  return slot;
}

void read_body(config::Map& map, Playbook& into, Diagnostics& out) {
  if (const auto* services = map.get("services")) into.services = read_services(*services, out);
  if (const auto* steps = map.need("steps")) {
    into.steps = read_steps(*steps, "", out);
    if (steps->is_sequence() && steps->items.empty()) out.error(steps->place, "there are no steps");
  }
  std::size_t count = 0;
  each_step(into.steps, [&](const Step&) { ++count; });
  if (count > kStepsInAllMax) {
    out.error(map.key_place("steps"), fmt::format("more than {} steps in all", kStepsInAllMax),
              "make several drills of it");
    into.steps.clear();
  }
  if (const auto* ends = map.get("ends")) {
    into.ends = read_steps(*ends, "end.", out);
    for (const auto& step : into.ends)
      if (!std::holds_alternative<Check>(step.action) && !std::holds_alternative<Wait>(step.action))
        out.error(step.place, fmt::format("`{}` among `ends`", action_word(step.action)),
                  "what must hold in the end is a `check` or a `wait`");
  }
  resolve_steps(into.steps, into.ends, out);
}

std::optional<Playbook> read_playbook(const config::Node& document, Diagnostics& out) {
  Playbook playbook;
  const auto before = out.count();
  config::Map map{document, playbook_shape(), out};
  const auto name = map.required_located<config::Name>("playbook");
  playbook.name = {name.value.text, name.place};
  playbook.title = map.or_default<std::string>("title");
  if (const auto* inputs = map.get("inputs")) playbook.inputs = read_inputs(*inputs, out);
  if (const auto* targets = map.get("targets")) playbook.slots = read_slots(*targets, out);
  if (const auto* roles = map.get("roles")) playbook.roles = read_roles(*roles, out);
  read_body(map, playbook, out);
  map.finish();
  check_names(playbook, out);
  if (out.count() == before) check_playbook(playbook, out);
  if (playbook.name->empty()) return std::nullopt;
  return playbook;
}

}  // namespace muster::model
