#include "model/with_shapes.hpp"

#include <algorithm>
#include <map>

#include "catalogue/restore.hpp"
#include "model/parameter_type.hpp"

namespace muster::model {
namespace {

using namespace config;
using Shapes = std::map<std::string, Shape, std::less<>>;

Shape shape_of_parameters(const std::string& kind, const std::string& name,
                          const std::string& title,
                          const std::vector<catalogue::Parameter>& parameters) {
  Shape shape;
  shape.name = kind + "." + name;
  shape.what = "`with` of " + name;
  shape.help = title + ".";
  for (const auto& one : parameters) shape.keys.push_back(key_of(one));
  return shape;
}

const Shapes& fault_shapes() {
  static const Shapes shapes = [] {
    Shapes made;
    for (const auto& [name, fault] : catalogue::builtin_faults())
      if (name != "command")  // what `run:` with `undo:` does
        made.emplace(name,
                     shape_of_parameters("fault", name, fault.title, given_parameters(fault)));
    return made;
  }();
  return shapes;
}

const Shapes& restore_shapes() {
  static const Shapes shapes = [] {
    Shapes made;
    for (const auto& [name, provider] : catalogue::restore_providers())
      made.emplace(name, shape_of_parameters("restore", name, provider.title, provider.parameters));
    return made;
  }();
  return shapes;
}

const Shape* found(const Shapes& shapes, std::string_view name) {
  const auto at = shapes.find(name);
  return at == shapes.end() ? nullptr : &at->second;
}

std::vector<std::string> names(const Shapes& shapes) {
  std::vector<std::string> out;
  for (const auto& [name, shape] : shapes) out.push_back(name);
  return out;
}

std::vector<Case> cases(const std::string& key, const Shapes& shapes) {
  std::vector<Case> out;
  for (const auto& [name, shape] : shapes) {
    const bool must = std::any_of(shape.keys.begin(), shape.keys.end(),
                                  [](const Key& one) { return one.need.required; });
    out.push_back({key, name, "with",
                   config::map([&shape = shape]() -> const Shape& { return shape; }), must});
  }
  return out;
}

}  // namespace

std::vector<catalogue::Parameter> given_parameters(const catalogue::Fault& fault) {
  if (fault.healer != catalogue::Healer::guardian) return fault.parameters;
  std::vector<catalogue::Parameter> given;
  for (const auto& one : fault.parameters)
    if (one.name != "node" && one.name != "down" && one.name != "up" && one.name != "status")
      given.push_back(one);
  return given;
}

const Shape* fault_shape(std::string_view fault) {
  return found(fault_shapes(), fault);
}
const Shape* restore_shape(std::string_view provider) {
  return found(restore_shapes(), provider);
}
std::vector<std::string> fault_names() {
  return names(fault_shapes());
}
std::vector<std::string> restore_names() {
  return names(restore_shapes());
}
std::vector<Case> fault_cases() {
  return cases("inject", fault_shapes());
}
std::vector<Case> restore_cases() {
  return cases("restore", restore_shapes());
}

}  // namespace muster::model
