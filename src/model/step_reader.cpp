#include "model/step_reader.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "model/step_shapes.hpp"

namespace muster::model {
namespace {

constexpr std::size_t kStepsMax = 500;

bool is_any(std::string_view word, std::initializer_list<std::string_view> words) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

void no_action(const config::Node& node, Diagnostics& out) {
  std::vector<std::string> words = action_words();
  for (const auto& entry : node.entries)
    if (const auto near = nearest(entry.key, words);
        !near.empty() &&
        !is_any(entry.key, {"id", "name", "target", "with", "within", "say", "late"}))
      return out.error(entry.place, fmt::format("`{}` is not an action", entry.key),
                       fmt::format("did you mean `{}`?", near));
  out.error(node.place, "a step needs an action", "one of: " + joined(words, ", "));
}

/// The one action word of the step, or "" after an error. `mark` beside `ask` belongs to it.
std::string action_word(const config::Node& node, Diagnostics& out) {
  std::vector<const config::Entry*> found;
  bool later = false;
  for (const auto& entry : node.entries) {
    const auto is = [&](const auto& words) {
      return std::find(words.begin(), words.end(), entry.key) != words.end();
    };
    if (is(later_words())) {
      out.error(entry.place, fmt::format("`{}` is not in this version", entry.key));
      later = true;
    }
    if (is(action_words()) && !(entry.key == "mark" && node.find("ask"))) found.push_back(&entry);
  }
  if (found.size() == 1) return found.front()->key;
  if (found.size() > 1)
    out.error(
        found[1]->place,
        fmt::format("a step has one action, this one `{}` and `{}`", found[0]->key, found[1]->key),
        "make two steps");
  else if (!node.is_map())
    out.error(node.place, "expected a step (a map), found " + config::description(node));
  else if (!later)
    no_action(node, out);
  return {};
}

/// "inject node.kill", for steps without a name.
std::string made_name(const Action& action) {
  const std::string first{action_word(action)};
  if (const auto* inject = std::get_if<Inject>(&action)) return first + " " + *inject->fault;
  if (const auto* revert = std::get_if<Revert>(&action)) return first + " " + *revert->step;
  if (const auto* restore = std::get_if<Restore>(&action)) return first + " " + *restore->provider;
  if (const auto* ask = std::get_if<Ask>(&action)) return first + " " + *ask->role;
  if (const auto* mark = std::get_if<Mark>(&action)) return first + " " + mark->moment;
  if (const auto* play = std::get_if<Play>(&action)) return first + " " + *play->playbook;
  if (const auto* approve = std::get_if<Approve>(&action))
    return first + " by " + joined(approve->from, ", ");
  if (const auto* pause = std::get_if<Pause>(&action))
    return first + " " + format_duration(pause->length);
  return first;
}

void read_within(config::Map& map, Step& step, Diagnostics& out) {
  const auto* node = map.get("within");
  if (node && node->is_scalar() && node->text.starts_with("${")) {
    const auto text = parse_text(*node, out);
    if (const auto* whole = text.whole()) step.within_from = *whole;
  } else if (node) {
    step.within = config::read<Duration>(*node, out);
  }
}

void read_pick(const config::Node& node, Step& step, Diagnostics& out) {
  config::Map map{node, pick_shape(), out};
  Pick pick;
  pick.place = node.place;
  if (const auto count = map.optional<std::int64_t>("count")) pick.count = static_cast<int>(*count);
  if (const auto share = map.located<config::Share>("percent")) {
    pick.share = share->value.of_one;
    if (pick.share <= 0) out.error(share->place, "expected a share such as 50%, found none at all");
  }
  if (const auto seed = map.optional<std::int64_t>("seed"))
    pick.seed = static_cast<std::uint64_t>(*seed);
  map.finish();
  step.pick = pick;
}

void read_common(config::Map& map, const Shape& shape, Step& step, Diagnostics& out) {
  if (const auto id = map.located<config::Name>("id")) {
    step.id = id->value.text;
    if (step.id[0] >= '0' && step.id[0] <= '9')
      out.error(id->place, fmt::format("the id `{}` begins with a digit", step.id),
                "numbers are the ids of steps that have none");
  }
  step.name = map.optional<std::string>("name").value_or(made_name(step.action));
  if (shape.key("target")) {
    const auto slot = map.required_located<config::Name>("target");
    step.target = Located<std::string>{slot.value.text, slot.place};
  }
  if (const auto* pick = shape.key("pick") ? map.get("pick") : nullptr) {
    if (step.target || host_slot(step))
      read_pick(*pick, step, out);
    else
      out.error(map.key_place("pick"),
                fmt::format("`pick` of a `{}` step", shape.keys.front().name), kPickFrom);
  }
  if (shape.key("within")) read_within(map, step, out);
  if (step.within && *step.within == Duration{} && map.has("within"))
    out.error(map.key_place("within"), "`within` must be above zero");
  if (shape.key("on_failure"))
    step.on_failure = map.word<OnFailure>(
        "on_failure", {{"stop", OnFailure::stop}, {"continue", OnFailure::proceed}});
}

}  // namespace

const std::vector<std::string>& action_words() {
  static const std::vector<std::string> words{"inject", "revert", "restore", "teardown", "check",
                                              "wait",   "run",    "ask",     "tell",     "parallel",
                                              "pause",  "mark",   "play",    "approve"};
  return words;
}

const std::vector<std::string>& later_words() {
  static const std::vector<std::string> words{"load"};
  return words;
}

const std::string* host_slot(const Step& step) {
  const Condition* condition = nullptr;
  if (const auto* check = std::get_if<Check>(&step.action)) condition = &check->condition;
  if (const auto* wait = std::get_if<Wait>(&step.action)) condition = &wait->condition;
  const auto* probe = condition ? std::get_if<ProbeIs>(condition) : nullptr;
  return probe && probe->probe.on_host ? &probe->probe.on_host->value : nullptr;
}

std::string_view action_word(const Action& action) {
  return action_words()[action.index()];
}

Steps read_steps(const config::Node& node, const std::string& prefix, Diagnostics& out) {
  Steps steps;
  if (!node.is_sequence())
    out.error(node.place, "expected a list of steps, found " + config::description(node));
  if (node.items.size() > kStepsMax) {
    out.error(node.place, fmt::format("more than {} steps", kStepsMax));
    return steps;
  }
  for (std::size_t i = 0; i < node.items.size(); ++i) {
    const auto& item = node.items[i];
    const auto word = action_word(item, out);
    if (word.empty()) continue;
    Step step;
    step.place = item.place;
    step.id = prefix + std::to_string(i + 1);
    const Shape& shape = step_shape(word);
    config::Map map{item, shape, out};
    step.action = read_action(map, word, step.id, out);
    read_common(map, shape, step, out);
    map.finish();
    steps.push_back(std::move(step));
  }
  return steps;
}

}  // namespace muster::model
