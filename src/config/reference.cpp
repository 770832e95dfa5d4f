#include "config/reference.hpp"

#include <fmt/format.h>

#include <set>

#include "base/text.hpp"
#include "config/schema.hpp"

namespace muster::config {
namespace {

/// A cell of a table: `|` would end it.
std::string cell(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '|') out += '\\';
    out += c == '\n' ? ' ' : c;
  }
  return out;
}

std::string anchor(const std::string& name) {
  std::string out;
  for (const char c : name)
    if (c != '.') out += static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
  return out;
}

std::string words_for(const Type& type) {
  using Is = Type::Is;
  switch (type.is) {
    case Is::text:
      return type.form.empty() ? "text" : "text: `" + type.form + "`";
    case Is::insertion:
      return type.form.empty() ? "text with `${…}`" : "text with `${…}`: `" + type.form + "`";
    case Is::reference:
      return "`${…}`";
    case Is::name:
      return "name";
    case Is::boolean:
      return "boolean";
    case Is::integer:
      if (type.least && type.most)
        return fmt::format("whole number, {} to {}", *type.least, *type.most);
      return type.least ? fmt::format("whole number, at least {}", *type.least) : "whole number";
    case Is::duration:
      return "duration";
    case Is::size:
      return "size";
    case Is::rate:
      return "rate";
    case Is::share:
      return "share";
    case Is::texts:
      return "list of texts";
    case Is::word: {
      std::vector<std::string> words;
      for (const auto& one : type.words) words.push_back("`" + one + "`");
      return joined(words, ", ");
    }
    case Is::command:
      return "command";
    case Is::value:
      return "value";
    case Is::shape:
    case Is::named:
    case Is::list:
    case Is::either:
      break;
  }
  return "";
}

std::string type_cell(const Type& type);

std::string linked(const Shape& shape) {
  return fmt::format("[{}](#{})", shape.name, anchor(shape.name));
}

std::string choice_cell(const Type& type) {
  std::vector<std::string> parts;
  for (const auto& one : type.of) parts.push_back(type_cell(one));
  return joined(parts, " or ");
}

std::string type_cell(const Type& type) {
  switch (type.is) {
    case Type::Is::shape:
      return linked(type.shape());
    case Type::Is::named:
      return "by name: " + type_cell(type.of.front());
    case Type::Is::list:
      return "list of " + type_cell(type.of.front());
    case Type::Is::either:
      return choice_cell(type);
    default:
      return words_for(type);
  }
}

std::string need_cell(const Shape& shape, const Key& key) {
  if (key.need.required) return "required";
  for (const auto& one : shape.one_of)
    if (one == key.name) return "one of these";
  return key.need.preset.empty() ? "" : "`" + key.need.preset + "`";
}

std::string table(const Shape& shape) {
  std::string out = fmt::format("### {}\n{}\n\n", shape.name, shape.help);
  out += "| key | type | default | |\n|---|---|---|---|\n";
  for (const auto& key : shape.keys)
    out += fmt::format("| `{}` | {} | {} | {} |\n", key.name, cell(type_cell(key.type)),
                       cell(need_cell(shape, key)), cell(key.help));
  if (shape.others)
    out += fmt::format("| *a name of your own* | {} | | |\n", cell(type_cell(*shape.others)));
  for (const auto& one : shape.cases)
    out += fmt::format("\nWith `{}: {}`, `{}` is {}.\n", one.key, one.word, one.then,
                       type_cell(one.type));
  std::vector<std::string> later;
  for (const auto& refused : shape.refused)
    if (refused.what.empty()) later.push_back("`" + refused.name + "`");
  if (!later.empty()) out += fmt::format("\nNot in this version: {}.\n", joined(later, ", "));
  return out + "\n";
}

}  // namespace

std::string reference_of(std::span<const FileKind> kinds) {
  std::string out;
  std::set<std::string> told;
  for (const auto& kind : kinds) {
    out += fmt::format("## {}\n`{}`: {}.\n\n", kind.title, kind.where, type_cell(kind.document));
    each_shape(kind.document, [&](const Shape& shape) {
      if (told.insert(shape.name).second) out += table(shape);
    });
  }
  return out;
}

}  // namespace muster::config
