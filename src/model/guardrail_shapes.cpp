#include "model/guardrail_shapes.hpp"

#include <deque>

#include "model/blast_radius.hpp"
#include "model/probe_shapes.hpp"

namespace muster::model {
namespace {

using namespace config;

Shape guard_of(const Shape& condition) {
  Shape shape = condition;
  const bool asks = condition.key("service") == nullptr;
  shape.name = "guardrail." + condition.keys.front().name;
  shape.what = "a guardrail";
  shape.help = "What must not be hurt: when it does not hold for a while, the drill is stopped.";
  shape.keys.push_back(
      {"name", text(), kOptional, "what reports call it; else its kind and position: http-1"});
  shape.keys.push_back({"fails_for", duration(), preset("30s"),
                        "so long without an answer that it holds, and the drill is stopped"});
  shape.keys.push_back({"every", duration(), preset("5s"), "between two looks, at least 100ms"});
  if (asks)
    shape.keys.push_back(
        {"timeout", duration(), preset("5s"), "after it an answer counts as none"});
  return shape;
}

Type guard_type() {
  std::vector<Type> choices;
  for (const auto* one : guard_shapes())
    choices.push_back(map([one]() -> const Shape& { return *one; }));
  return either(std::move(choices));
}

}  // namespace

const Shape& keep_of_shape() {
  static const Shape shape{
      .name = "keep.of",
      .what = "a `keep` by name",
      .help = "How many of one set of hosts stay healthy.",
      .keys = {{"of", text(), kOptional, "a host, a group or a pattern; else what the key names"},
               {"healthy", either({integer(1, 10'000), text("50%", "^ *[0-9.]+%? *$")}), kRequired,
                "the least that stay healthy: a number, or a share of all"},
               {"where", map(where_shape), kOptional,
                "what a healthy one says yes to; without it, it has to answer"}},
      .one_of = {},
      .refused = {},
      .others = {},
      .cases = {}};
  return shape;
}

const Shape& keep_shape() {
  static const Shape shape{
      .name = "keep",
      .what = "`keep`",
      .help = "How many hosts stay healthy, of each set: a group, or a name with `of`.",
      .keys = {},
      .one_of = {},
      .refused = {},
      .others = either({text("1 healthy", "^ *[0-9.]+%? +healthy *$"), map(keep_of_shape)}),
      .cases = {}};
  return shape;
}

const std::vector<const Shape*>& guard_shapes() {
  static const std::deque<Shape> shapes = [] {
    std::deque<Shape> made;
    for (const auto* condition : condition_shapes()) made.push_back(guard_of(*condition));
    return made;
  }();
  static const auto all = [] {
    std::vector<const Shape*> list;
    for (const auto& one : shapes) list.push_back(&one);
    return list;
  }();
  return all;
}

const Shape& guardrails_shape() {
  static const Shape shape{
      .name = "guardrails",
      .what = "guardrails",
      .help = "What stops a drill before it does harm.",
      .keys = {{"max_duration", duration(), preset("4h"),
                "of the whole run, from its opening; then everything is reverted"},
               {"keep", map(keep_shape), kOptional,
                "no effect is begun that would leave fewer healthy hosts"},
               {"at_most", at_most_type(), kOptional,
                "no effect is begun that would have more hosts hit or down at once"},
               {"abort_if", list(guard_type(), 1), kOptional,
                "what must not be hurt: asked before the first effect and all the time"}},
      .one_of = {},
      .refused = {},
      .others = {},
      .cases = {}};
  return shape;
}

}  // namespace muster::model
