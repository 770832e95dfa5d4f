#include "model/value.hpp"

#include <fmt/format.h>

#include <charconv>

#include "base/quantity.hpp"
#include "base/time.hpp"

namespace muster::model {
namespace {

void collect(const Value& value, std::vector<const Reference*>& found) {
  if (const auto* text = value.text())
    for (const auto* reference : text->references()) found.push_back(reference);
  if (const auto* list = value.list())
    for (const auto& item : *list) collect(item, found);
  if (const auto* map = value.map())
    for (const auto& field : *map) collect(field.value, found);
}

bool is_whole_number(std::string_view text) {
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc{} && end == text.data() + text.size();
}

}  // namespace

const Value* find(const Fields& fields, std::string_view key) {
  for (const auto& field : fields)
    if (*field.key == key) return &field.value;
  return nullptr;
}

std::vector<const Reference*> references(const Value& value) {
  std::vector<const Reference*> found;
  collect(value, found);
  return found;
}

std::optional<Value> parse_value(const config::Node& node, Diagnostics& out, SecretsHere secrets) {
  Value value;
  value.place = node.place;
  switch (node.kind) {
    case config::Node::Kind::null:
      out.error(node.place, "expected a value, found nothing", "write \"\" for an empty text");
      return std::nullopt;
    case config::Node::Kind::scalar:
      value.data = parse_text(node, out, secrets);
      break;
    case config::Node::Kind::map:
      value.data = parse_fields(node, "a map", out);
      break;
    case config::Node::Kind::sequence: {
      std::vector<Value> items;
      for (const auto& item : node.items)
        if (auto one = parse_value(item, out, secrets)) items.push_back(*std::move(one));
      value.data = std::move(items);
    }
  }
  return value;
}

Fields parse_fields(const config::Node& node, std::string_view what, Diagnostics& out) {
  Fields fields;
  if (!node.is_map())
    out.error(node.place, fmt::format("expected {}, found {}", what, config::description(node)));
  for (const auto& entry : node.entries)
    if (auto value = parse_value(entry.value, out))
      fields.push_back({{entry.key, entry.place}, *std::move(value)});
  return fields;
}

std::string_view to_string(ValueType type) {
  switch (type) {
    case ValueType::string:
      return "string";
    case ValueType::integer:
      return "integer";
    case ValueType::boolean:
      return "boolean";
    case ValueType::duration:
      return "duration";
    case ValueType::size:
      return "size";
    case ValueType::time:
      return "time";
    case ValueType::list:
      return "list";
  }
  return "";
}

std::string misfit(std::string_view literal, ValueType type) {
  switch (type) {
    case ValueType::string:
      return literal.empty() ? "some text" : "";
    case ValueType::integer:
      return is_whole_number(literal) ? "" : "a whole number";
    case ValueType::boolean:
      return literal == "true" || literal == "false" ? "" : "true or false";
    case ValueType::duration:
      return parse_duration(literal) ? "" : "a duration such as 30s or 15m";
    case ValueType::size:
      return parse_size(literal) ? "" : "a size such as 512MiB";
    case ValueType::time:
      return literal == "latest" || parse_utc(literal)
                 ? ""
                 : "a time such as 2026-11-22T21:15:05Z, or latest";
    case ValueType::list:
      return "a list";
  }
  return "";
}

std::string misfit(const Value& value, ValueType type) {
  if (type != ValueType::list) {
    if (!value.text()) return type == ValueType::string ? "text" : misfit("", type);
    return misfit(value.text()->written(), type);
  }
  if (!value.list()) return "a list";
  for (const auto& item : *value.list())
    if (!item.text()) return "a list of texts";
  return "";
}

}  // namespace muster::model
