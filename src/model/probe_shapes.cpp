#include "model/probe_shapes.hpp"

#include <map>

#include "model/parameter_type.hpp"

namespace muster::model {
namespace {

using namespace config;
using catalogue::ProbeKind;

/// One shape for each kind of probe; they live as long as the program.
std::map<std::string, Shape, std::less<>> for_each_kind(Shape (*make)(const ProbeKind&)) {
  std::map<std::string, Shape, std::less<>> made;
  for (const auto& kind : catalogue::probe_kinds()) made.emplace(kind.name, make(kind));
  return made;
}

std::vector<const Shape*> in_order(const std::map<std::string, Shape, std::less<>>& shapes) {
  std::vector<const Shape*> out;
  for (const auto& kind : catalogue::probe_kinds()) out.push_back(&shapes.at(kind.name));
  return out;
}

Type one_of(const std::vector<const Shape*>& shapes) {
  std::vector<Type> choices;
  for (const auto* one : shapes)
    choices.push_back(config::map([one]() -> const Shape& { return *one; }));
  return either(std::move(choices));
}

bool shorthand_is_enough(const ProbeKind& kind) {
  for (const auto& one : kind.parameters)
    if (one.required && one.name != kind.shorthand && one.name != kind.question) return false;
  return !kind.shorthand.empty();
}

/// `tls: "lb-1:443"`, or `tls: {…}`; beside it the kind's question.
std::vector<Key> probe_keys_of(const ProbeKind& kind) {
  const auto& shape = probe_shape(kind);
  std::vector<Type> forms{config::map([&shape]() -> const Shape& { return shape; })};
  if (shorthand_is_enough(kind))
    forms.insert(forms.begin(), type_of(*kind.parameter(kind.shorthand)));
  std::vector<Key> keys{
      {kind.name, either(std::move(forms)), kRequired, kind.title + "; up: " + kind.up}};
  if (const auto* question = kind.parameter(kind.question)) {
    keys.push_back(key_of(*question));
    keys.back().need.required = false;
  }
  return keys;
}

Shape make_probe(const ProbeKind& kind) {
  Shape shape;
  shape.name = "probe." + kind.name;
  shape.what = "`" + kind.name + "`";
  shape.help = kind.title + ". Up: " + kind.up + ".";
  for (const auto& parameter : kind.parameters) shape.keys.push_back(key_of(parameter));
  return shape;
}

Shape make_service(const ProbeKind& kind) {
  Shape shape;
  shape.name = "service." + kind.name;
  shape.what = "a service";
  shape.help = "What \"up\" means to clients, asked by " + kind.title + ".";
  shape.keys = probe_keys_of(kind);
  if (kind.name == "postgres")
    shape.keys.push_back({"ledger", config::map(ledger_shape), kOptional,
                          "acknowledged writes, counted one by one: the RPO reads it"});
  else
    shape.refused.push_back(
        {"ledger", "other ledgers come in a later version", "a ledger needs a postgres probe"});
  for (auto& key : std::vector<Key>{
           {"every", duration(), preset("1s"),
            "between two probes, at least 1ms; with a ledger its rate decides"},
           {"timeout", duration(), preset("1s"), "after it an answer counts as none"},
           {"up", text("99% over 10s", "^ *[0-9.]+% +over +[0-9.a-z]+ *$"), preset("99% over 10s"),
            "the share of good probes that counts as up, and over how long"},
           {"warm_up", duration(), preset("30s"),
            "the service must be up at its end, or the drill stops"},
           {"outage", word({"expected", "tolerated"}), preset("expected"),
            "`expected`: when none is seen the drill is INVALID"}})
    shape.keys.push_back(std::move(key));
  if (kind.command)
    shape.refused.push_back({"on_host",
                             "a service is asked by the controller, as its clients would",
                             "`on_host` of a service is not in this version"});
  return shape;
}

Key is_key() {
  return {"is", word({"up", "down"}), preset("up"), "what must hold"};
}

Shape make_condition(const ProbeKind& kind) {
  Shape shape;
  shape.name = "condition." + kind.name;
  shape.what = "a condition";
  shape.help = kind.title + ", asked by itself.";
  shape.keys = probe_keys_of(kind);
  if (kind.may_be_down) shape.keys.push_back(is_key());
  if (kind.command)
    shape.keys.push_back({"on_host", name(), kOptional,
                          "a target: asked on all of its hosts, instead of on the controller"});
  return shape;
}

const Shape& service_condition() {
  static const Shape shape = [] {
    Shape one;
    one.name = "condition.service";
    one.what = "a condition";
    one.help = "A service of the playbook is up, or down.";
    one.keys = {{"service", name(), kRequired, "its name"}, is_key()};
    return one;
  }();
  return shape;
}

}  // namespace

const Shape& probe_shape(const ProbeKind& kind) {
  static const auto shapes = for_each_kind(make_probe);
  return shapes.at(kind.name);
}

const std::vector<const Shape*>& service_shapes() {
  static const auto shapes = for_each_kind(make_service);
  static const auto ordered = in_order(shapes);
  return ordered;
}

const std::vector<const Shape*>& condition_shapes() {
  static const auto shapes = for_each_kind(make_condition);
  static const auto all = [] {
    auto list = in_order(shapes);
    list.insert(list.begin(), &service_condition());
    return list;
  }();
  return all;
}

const Shape& ledger_shape() {
  static const Shape shape = [] {
    Shape one;
    one.name = "ledger";
    one.what = "a ledger";
    one.help = "Acknowledged writes through the service's own door: each probe commits a row.";
    one.keys = {{"rate", rate(), preset("10/s"), "writes; it replaces `every`"},
                {"table", text("muster_ledger", "^[a-z_][a-z0-9_]{0,62}$"), preset("muster_ledger"),
                 "made when it is absent"}};
    return one;
  }();
  return shape;
}

Type service_type() {
  return one_of(service_shapes());
}

Type condition_type() {
  return one_of(condition_shapes());
}

}  // namespace muster::model
