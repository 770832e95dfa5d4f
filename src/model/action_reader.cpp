#include <fmt/format.h>

#include "model/probe_reader.hpp"
#include "model/reading.hpp"
#include "model/shapes.hpp"
#include "model/step_reader.hpp"
#include "model/step_shapes.hpp"

namespace muster::model {
namespace {

const std::vector<std::pair<std::string, ValueType>>& value_types() {
  static const std::vector<std::pair<std::string, ValueType>> types{
      {"string", ValueType::string},   {"integer", ValueType::integer},
      {"boolean", ValueType::boolean}, {"duration", ValueType::duration},
      {"size", ValueType::size},       {"time", ValueType::time},
      {"list", ValueType::list}};
  return types;
}

Fields read_with(config::Map& map, Diagnostics& out) {
  const auto* with = map.get("with");
  return with ? parse_fields(*with, "parameters (a map)", out) : Fields{};
}

Action read_run(config::Map& map, Diagnostics& out) {
  Run run;
  run.command = map.required<Command>("run");
  run.undo = map.optional<Command>("undo");
  if (const auto* text = map.raw("stdin"))
    run.standard_input = parse_text(*text, out, SecretsHere::allowed);
  run.no_return = map.or_default<bool>("no_return");
  if (run.undo && run.no_return)
    out.error(map.key_place("no_return"), "a `run` step has both `undo` and `no_return`",
              "keep the one that is true");
  else if (!map.has("undo") && !run.no_return)
    out.error(map.key_place("run"), "a `run` step needs `undo` or `no_return: true`",
              "undo: [command]; for one that changes nothing: undo: [true]");
  return run;
}

std::vector<AnswerSpec> read_answers(const config::Node& node, Diagnostics& out) {
  std::vector<AnswerSpec> answers;
  if (!node.is_map())
    out.error(node.place, "expected answers (a map), found " + config::description(node));
  for (const auto& entry : node.entries) {
    AnswerSpec answer;
    answer.name = {entry.key, entry.place};
    if (!config::is_name(entry.key))
      out.error(entry.place, fmt::format("`{}` is not a name", entry.key));
    read_typed(entry.value, answer_shape(), answer.type, answer.preset, nullptr, out);
    if (answer.type == ValueType::list)
      out.error(entry.place, "an answer cannot be a list", "ask for each value");
    answers.push_back(std::move(answer));
  }
  return answers;
}

Action read_ask(config::Map& map, Diagnostics& out) {
  Ask ask;
  const auto role = map.required_located<config::Name>("ask");
  ask.role = {role.value.text, role.place};
  ask.say = map.required<Text>("say");
  if (const auto* answer = map.get("answer")) ask.answers = read_answers(*answer, out);
  ask.late = map.word<Late>(
      "late", {{"fail", Late::fail}, {"escalate", Late::escalate}, {"proceed", Late::proceed}});
  ask.mark = map.or_default<config::Name>("mark").text;
  if (ask.late == Late::proceed)
    for (const auto& answer : ask.answers)
      if (!answer.preset)
        out.error(answer.name.place,
                  fmt::format("`late: proceed` leaves `{}` without an answer", *answer.name),
                  "give it a default");
  return ask;
}

Action read_approve(config::Map& map, Diagnostics& out) {
  Approve approve;
  if (const auto* node = map.need("approve")) {
    config::Map inner{*node, approve_shape(), out};
    approve.place = node->place;
    approve.from = inner.required<std::vector<std::string>>("from");
    approve.need = static_cast<int>(inner.or_default<std::int64_t>("need"));
    inner.finish();
    if (inner.has("from") && approve.from.empty())
      out.error(inner.value_place("from"), "`from` names no team: nobody could approve");
  }
  approve.say = map.or_default<Text>("say");
  approve.late = map.word<Late>("late", {{"fail", Late::fail}, {"escalate", Late::escalate}});
  return approve;
}

Action read_parallel(config::Map& map, const std::string& position, Diagnostics& out) {
  Parallel parallel;
  const auto* node = map.need("parallel");
  if (!node) return parallel;
  if (!node->is_sequence() || node->items.size() < 2) {
    out.error(node->place, "`parallel` expects a list of two or more branches");
    return parallel;
  }
  for (std::size_t i = 0; i < node->items.size(); ++i) {
    const auto& branch = node->items[i];
    config::Node steps;
    steps.kind = config::Node::Kind::sequence;
    steps.place = branch.place;
    steps.items = branch.is_sequence() ? branch.items : std::vector{branch};
    parallel.branches.push_back(read_steps(steps, fmt::format("{}.{}.", position, i + 1), out));
  }
  return parallel;
}

Play::Names read_names(config::Map& map, const std::string& key, Diagnostics& out) {
  Play::Names names;
  const auto* node = map.get(key);
  if (node && !node->is_map())
    out.error(node->place,
              fmt::format("expected {} (a map), found {}", key, config::description(*node)));
  if (node)
    for (const auto& entry : node->entries)
      if (const auto ours = config::read<config::Name>(entry.value, out))
        names.push_back({{entry.key, entry.place}, {ours->text, entry.value.place}});
  return names;
}

Action read_play(config::Map& map, Diagnostics& out) {
  Play play;
  const auto name = map.required_located<config::Name>("play");
  play.playbook = {name.value.text, name.place};
  play.with = read_with(map, out);
  play.targets = read_names(map, "targets", out);
  play.roles = read_names(map, "roles", out);
  return play;
}

}  // namespace

void read_typed(const config::Node& node, const Shape& shape, ValueType& type,
                std::optional<Value>& preset, std::string* help, Diagnostics& out) {
  config::Map map{node, shape, out};
  type = map.word<ValueType>("type", value_types());
  if (help) *help = map.or_default<std::string>("help");
  if (const auto* given = map.get("default")) {
    preset = parse_value(*given, out);
    if (preset) check_literal(*preset, type, out);
  }
  map.finish();
}

void check_literal(const Value& value, ValueType type, Diagnostics& out) {
  if (const auto found = references(value); !found.empty())
    out.error(found.front()->place,
              fmt::format("`{}` cannot stand here", to_string(*found.front())), "write the value");
  else if (const auto expected = misfit(value, type); !expected.empty())
    out.error(value.place, fmt::format("expected {}, found {}", expected,
                                       value.text()   ? "'" + value.text()->written() + "'"
                                       : value.list() ? "a list"
                                                      : "a map"));
}

Action read_action(config::Map& map, const std::string& word, const std::string& position,
                   Diagnostics& out) {
  const auto name = [&](const std::string& key) {
    const auto text = map.required_located<std::string>(key);
    return Located<std::string>{text.value, text.place};
  };
  if (word == "inject") return Inject{name(word), read_with(map, out)};
  if (word == "restore") return Restore{name(word), read_with(map, out)};
  if (word == "revert") return Revert{name(word)};
  if (word == "teardown") return Teardown{name(word)};
  if (word == "run") return read_run(map, out);
  if (word == "ask") return read_ask(map, out);
  if (word == "approve") return read_approve(map, out);
  if (word == "parallel") return read_parallel(map, position, out);
  if (word == "play") return read_play(map, out);
  if (word == "mark") return Mark{map.required<config::Name>(word).text};
  if (word == "pause") return Pause{map.required<Duration>(word)};
  if (word == "tell") return Tell{map.required<Text>(word)};
  const auto* node = map.need(word);
  const Condition condition = node ? read_condition(*node, out) : Condition{};
  return word == "check" ? Action{Check{condition}} : Action{Wait{condition}};
}

}  // namespace muster::model
