#include "config/schema.hpp"

#include <fmt/format.h>

#include <set>

namespace muster::config {
namespace {

// Numbers and booleans are text to the loader; a schema sees what YAML made of them.
const Json kScalar = Json::array({"string", "number", "boolean"});

constexpr const char* kName = "^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$";
constexpr const char* kDuration = "^([0-9]+(\\.[0-9]+)?(ms|us|ns|s|m|h|d))+$";
constexpr const char* kSize = "^[0-9]+(\\.[0-9]+)?(KiB|MiB|GiB|TiB|kB|MB|GB|TB|B)$";
constexpr const char* kRate = "^[0-9]+(\\.[0-9]+)?/[sm]$";
constexpr const char* kShare = "^[0-9]+(\\.[0-9]+)?%$";
constexpr const char* kReference = "\\$\\{[A-Za-z0-9][A-Za-z0-9_.-]*\\}";
/// Each `${` is a reference or, as `$${`, stands for itself.
constexpr const char* kInsertion =
    "^([^$]|\\$(?!\\{)|\\$\\$\\{|\\$\\{[A-Za-z0-9][A-Za-z0-9_.-]*\\})*$";

Json patterned(const char* pattern) {
  return {{"type", "string"}, {"pattern", pattern}};
}

std::string def(const Shape& shape) {
  return "#/$defs/" + shape.name;
}

Json schema_of_type(const Type& type);

Json texts_schema() {
  return {{"type", "array"}, {"items", {{"type", kScalar}}}};
}

Json integer_schema(const Type& type) {
  Json number{{"type", "integer"}};
  if (type.least) number["minimum"] = *type.least;
  if (type.most) number["maximum"] = *type.most;
  // Quoted digits are read too.
  return {{"anyOf", Json::array({number, patterned("^-?[0-9]+$")})}};
}

Json compound_schema(const Type& type) {
  if (type.is == Type::Is::shape) return {{"$ref", def(type.shape())}};
  if (type.is == Type::Is::named)
    return {{"type", "object"},
            {"propertyNames", {{"pattern", kName}}},
            {"additionalProperties", schema_of_type(type.of.front())}};
  if (type.is == Type::Is::list) {
    Json out{{"type", "array"}, {"items", schema_of_type(type.of.front())}};
    if (type.least) out["minItems"] = *type.least;
    return out;
  }
  Json choices = Json::array();
  for (const auto& one : type.of) choices.push_back(schema_of_type(one));
  return {{"anyOf", choices}};
}

Json insertion_schema(const Type& type) {
  Json out{{"type", kScalar}, {"pattern", kInsertion}};
  if (!type.pattern.empty()) out["allOf"] = Json::array({{{"pattern", type.pattern}}});
  return out;
}

Json command_schema() {
  const Json one{{"type", kScalar}, {"pattern", kInsertion}};
  return {{"anyOf", Json::array({Json{{"type", "array"}, {"items", one}, {"minItems", 1}}, one})}};
}

Json schema_of_type(const Type& type) {
  using Is = Type::Is;
  switch (type.is) {
    case Is::text:
      if (type.pattern.empty()) return {{"type", kScalar}, {"minLength", 1}};
      return {{"type", kScalar}, {"pattern", type.pattern}};
    case Is::insertion:
      return insertion_schema(type);
    case Is::reference:
      return patterned(kReference);
    case Is::name:
      return {{"type", kScalar}, {"pattern", type.pattern.empty() ? kName : type.pattern}};
    case Is::boolean:
      return {{"type", "boolean"}};
    case Is::integer:
      return integer_schema(type);
    case Is::duration:
      return patterned(kDuration);
    case Is::size:
      return patterned(kSize);
    case Is::rate:
      return patterned(kRate);
    case Is::share:
      return patterned(kShare);
    case Is::texts:
      return texts_schema();
    case Is::word:
      return {{"enum", type.words}};
    case Is::command:
      return command_schema();
    case Is::value:
      return {{"type", Json::array({"string", "number", "boolean", "array", "object"})}};
    case Is::shape:
    case Is::named:
    case Is::list:
    case Is::either:
      break;
  }
  return compound_schema(type);
}

Json described(const Key& key) {
  Json out = schema_of_type(key.type);
  out["description"] = key.help;
  if (!key.need.preset.empty()) out["default"] = key.need.preset;
  return out;
}

Json cases_of(const Shape& shape) {
  Json all = Json::array();
  for (const auto& one : shape.cases) {
    Json then{{"properties", {{one.then, schema_of_type(one.type)}}}};
    if (one.must) then["required"] = Json::array({one.then});
    all.push_back({{"if",
                    {{"properties", {{one.key, {{"const", one.word}}}}},
                     {"required", Json::array({one.key})}}},
                   {"then", std::move(then)}});
  }
  return all;
}

Json schema_of_shape(const Shape& shape) {
  Json out{{"type", "object"}, {"title", shape.what}, {"description", shape.help}};
  Json properties = Json::object();
  Json required = Json::array();
  for (const auto& key : shape.keys) {
    properties[key.name] = described(key);
    if (key.need.required) required.push_back(key.name);
  }
  out["properties"] = std::move(properties);
  if (!required.empty()) out["required"] = std::move(required);
  if (shape.others) {
    out["additionalProperties"] = schema_of_type(*shape.others);
    out["propertyNames"] = {{"pattern", kName}};
  } else {
    out["additionalProperties"] = false;
  }
  if (!shape.one_of.empty()) {
    Json choices = Json::array();
    for (const auto& key : shape.one_of) choices.push_back({{"required", Json::array({key})}});
    out["oneOf"] = std::move(choices);
  }
  if (!shape.cases.empty()) out["allOf"] = cases_of(shape);
  return out;
}

void walk(const Type& type, std::set<std::string>& seen,
          const std::function<void(const Shape&)>& f) {
  for (const auto& inner : type.of) walk(inner, seen, f);
  if (type.is != Type::Is::shape) return;
  const Shape& shape = type.shape();
  if (!seen.insert(shape.name).second) return;
  f(shape);
  for (const auto& key : shape.keys) walk(key.type, seen, f);
  if (shape.others) walk(*shape.others, seen, f);
  for (const auto& one : shape.cases) walk(one.type, seen, f);
}

}  // namespace

void each_shape(const Type& type, const std::function<void(const Shape&)>& f) {
  std::set<std::string> seen;
  walk(type, seen, f);
}

Json schema_of(const FileKind& kind) {
  Json out = schema_of_type(kind.document);
  out["$schema"] = "https://json-schema.org/draft/2020-12/schema";
  out["$id"] = "urn:muster:schema:" + kind.name;
  out["title"] = kind.title;
  Json defs = Json::object();
  each_shape(kind.document, [&](const Shape& shape) { defs[shape.name] = schema_of_shape(shape); });
  out["$defs"] = std::move(defs);
  return out;
}

Json schema_of(const Shape& shape, const std::string& id) {
  return schema_of(FileKind{id, shape.what, "", map([&shape]() -> const Shape& { return shape; })});
}

}  // namespace muster::config
