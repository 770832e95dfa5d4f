#include "model/step_shapes.hpp"

#include <fmt/format.h>

#include <stdexcept>

#include "model/probe_shapes.hpp"
#include "model/step_reader.hpp"
#include "model/with_shapes.hpp"

namespace muster::model {
namespace {

using namespace config;

Key target() {
  return {"target", name(), kRequired, "one of the targets"};
}
Key pick() {
  return {"pick", map(pick_shape), kOptional, "some of the target's hosts instead of all"};
}
Key with(std::string help) {
  return {"with", named(value()), kOptional, std::move(help)};
}
/// Asked late: a step may hold steps.
Type step_of(const std::vector<std::string>& words) {
  std::vector<Type> choices;
  for (const auto& word : words)
    choices.push_back(map([word]() -> const Shape& { return step_shape(word); }));
  return either(std::move(choices));
}

/// A branch is a list of steps, or one.
Type branches() {
  auto choices = step_type();
  choices.of.push_back(list(step_type(), 1));
  return list(std::move(choices), 2);
}

/// Digits are the ids of steps that have none.
Type id() {
  Type type = name();
  type.pattern = "^[A-Za-z][A-Za-z0-9_-]{0,63}$";
  return type;
}

struct Word {
  std::string help;
  std::vector<Key> keys;
  std::string within;  ///< Its default; "" where there is no `within`.
};

Word word_of(std::string_view word) {
  if (word == "inject")
    return {"Breaks something, with the undo armed before.",
            {{"inject", config::word(fault_names()), kRequired, "a fault of the catalogue"},
             target(),
             with("the fault's parameters"),
             pick()},
            "5m"};
  if (word == "revert")
    return {"Reverts now what an inject step did.",
            {{"revert", text(), kRequired, "the id of an earlier `inject` step"}},
            "5m"};
  if (word == "restore")
    return {"Brings a backup back to one host, and proves it.",
            {{"restore", config::word(restore_names()), kRequired, "a restore provider"},
             target(),
             with("the provider's parameters"),
             pick()},
            "4h"};
  if (word == "teardown")
    return {"Removes what a restore step made.",
            {{"teardown", text(), kRequired,
              "the id of an earlier `restore` step; `restore` where there is only one"}},
            "5m"};
  if (word == "check")
    return {
        "Must hold now.", {{"check", condition_type(), kRequired, "what must hold"}, pick()}, "1m"};
  if (word == "wait")
    return {"Waits until it holds.",
            {{"wait", condition_type(), kRequired, "what must hold in the end"}, pick()},
            "15m"};
  if (word == "run")
    return {"A command on all hosts of the target.",
            {{"run", command(), kRequired, "the command"},
             target(),
             {"undo", command(), kOptional, "armed before the command runs"},
             {"no_return", boolean(), preset("false"),
              "from here on nothing is undone by itself; instead of `undo`"},
             {"stdin", insertion(), kOptional, "given to the command; may hold `${secret.NAME}`"},
             pick()},
            "5m"};
  if (word == "ask")
    return {"A person answers.",
            {{"ask", name(), kRequired, "the role that is asked"},
             {"say", insertion(), kRequired, "the question"},
             {"answer", named(map(answer_shape)), kOptional, "what is answered, by name"},
             {"late", config::word({"fail", "escalate", "proceed"}), preset("fail"),
              "when nobody answered in time; `escalate`: to the deputy"},
             {"mark", name(), kOptional, "a named moment that the answer sets"}},
            "15m"};
  if (word == "approve")
    return {"Waits until enough people have signed that the drill may go on.",
            {{"approve", map(approve_shape), kRequired, "whose signatures are needed"},
             {"say", insertion(), kOptional, "what they approve; its name else"},
             {"late", config::word({"fail", "escalate"}), preset("fail"),
              "when too few approved in time; `escalate`: all are asked once more"}},
            "15m"};
  if (word == "tell")
    return {"A line for everybody.", {{"tell", insertion(), kRequired, "what is said"}}, ""};
  if (word == "parallel")
    return {"Branches side by side; over when all are.",
            {{"parallel", branches(), kRequired, "two or more, each a step or a list of steps"}},
            ""};
  if (word == "pause") return {"Waits.", {{"pause", duration(), kRequired, "for how long"}}, ""};
  if (word == "mark")
    return {"Sets a named moment.", {{"mark", name(), kRequired, "its name"}}, ""};
  if (word == "play")
    return {"Another playbook's steps, in this place.",
            {{"play", name(), kRequired, "its name"},
             with("its inputs"),
             {"targets", named(name()), kOptional,
              "its target, and ours; what is not named has the same name in both"},
             {"roles", named(name()), kOptional, "the same of roles"}},
            ""};
  throw std::logic_error(fmt::format("no shape for the action `{}`", word));
}

void refuse(Shape& shape, std::string_view word) {
  const auto of = [&](std::string_view key) {
    return fmt::format("`{}` of a `{}` step", key, word);
  };
  if (word == "check" || word == "wait")
    shape.refused.push_back({"target", "write on_host: inside of the condition", of("target")});
  if (word == "play")
    for (const char* key : {"within", "on_failure", "target"})
      shape.refused.push_back(
          {key, "say it at the steps of the playbook; `targets` fills its slots", of(key)});
  if (!shape.key("pick")) shape.refused.push_back({"pick", kPickFrom, of("pick")});
  for (const auto& later : later_words()) shape.refused.push_back({later, "", ""});
}

Shape make(std::string_view word) {
  Word of = word_of(word);
  Shape shape;
  shape.name = fmt::format("step.{}", word);
  shape.what = fmt::format(
      "{} `{}` step",
      std::string_view{"aeiou"}.find(word.front()) != std::string_view::npos ? "an" : "a", word);
  shape.help = std::move(of.help);
  shape.keys = std::move(of.keys);
  shape.keys.push_back({"name", text(), kOptional, "one line for people; made of the action else"});
  shape.keys.push_back(
      {"id", id(), kOptional, "by which other steps, and people, refer to it; its number else"});
  if (!of.within.empty())
    shape.keys.push_back({"within", either({duration(), reference()}), preset(of.within),
                          "it has failed after that; may be `${input}`, of type duration"});
  if (word != "play")
    shape.keys.push_back({"on_failure", config::word({"stop", "continue"}), preset("stop"),
                          "`stop`: the drill stops, and reverts"});
  refuse(shape, word);
  if (word == "inject") shape.cases = fault_cases();
  if (word == "restore") shape.cases = restore_cases();
  return shape;
}

const std::vector<Shape>& all() {
  static const std::vector<Shape> shapes = [] {
    std::vector<Shape> made;
    for (const auto& word : action_words()) made.push_back(make(word));
    return made;
  }();
  return shapes;
}

}  // namespace

const std::vector<const Shape*>& step_shapes() {
  static const std::vector<const Shape*> shapes = [] {
    std::vector<const Shape*> list;
    for (const auto& one : all()) list.push_back(&one);
    return list;
  }();
  return shapes;
}

const Shape& step_shape(std::string_view word) {
  for (const auto& one : all())
    if (one.keys.front().name == word) return one;
  throw std::logic_error(fmt::format("`{}` is no action", word));
}

const Shape& pick_shape() {
  static const Shape shape = [] {
    Shape one;
    one.name = "pick";
    one.what = "`pick`";
    one.help = "Which of a target's hosts: so many of them, chosen by the seed.";
    one.keys = {{"count", integer(1, 1000), kOptional, "so many"},
                {"percent", share(), kOptional, "this share of them"},
                {"seed", integer(0), kOptional, "the same seed chooses the same hosts"}};
    one.one_of = {"count", "percent"};
    return one;
  }();
  return shape;
}

const Shape& approve_shape() {
  static const Shape shape = [] {
    Shape one;
    one.name = "approve";
    one.what = "`approve`";
    one.help = "Each person counts once; who started the run does not count.";
    one.keys = {{"from", texts(), kRequired, "members of these teams, any of them"},
                {"need", integer(1, 20), preset("1"), "so many different people"}};
    return one;
  }();
  return shape;
}

Type step_type() {
  return step_of(action_words());
}

Type end_type() {
  return step_of({"check", "wait"});
}

}  // namespace muster::model
