#include <fmt/format.h>

#include "base/text.hpp"
#include "plan/bind.hpp"
#include "plan/compiler.hpp"

namespace muster::plan {

namespace {

bool is_open(const Template& text) {
  return text.find("${") != std::string::npos;
}

}  // namespace

Template Compiler::reference(const model::Reference& reference) {
  const std::string& root = reference.root();
  if (root == "secret") {
    use_secret(reference.path.back(), reference.place);
    return model::to_string(reference);
  }
  if (root == "muster") return escaped(options_.muster);
  if (const auto* input = drill_.input(root)) {
    if (const auto* literal = input->value.text()) return escaped(literal->written());
    out_.error(reference.place, fmt::format("`{}` is a list and cannot stand inside a text", root),
               "use it alone, as the whole value");
    return {};
  }
  const auto* slot = drill_.playbook.slot(root);
  const auto* fill = drill_.fill(root);
  if (slot && fill && slot->kind != model::Slot::Kind::one_of && fill->hosts.size() == 1 &&
      reference.path.size() == 2) {
    Bindings known;
    bind_slot(known, root, plan_.hosts.at(fill->hosts.front()));
    if (const auto it = known.find(root + "." + reference.path[1]); it != known.end())
      return escaped(it->second);
  }
  return model::to_string(
      reference);  // an answer, or a slot that is chosen by its role: bound in the run
}

Template Compiler::text(const model::Text& text) {
  Template out;
  for (const auto& part : text.parts) {
    if (const auto* literal = std::get_if<std::string>(&part))
      out += escaped(*literal);
    else
      add_reference(std::get<model::Reference>(part), out);
  }
  return out;
}

void Compiler::add_reference(const model::Reference& from, Template& to) {
  const auto made = reference(from);
  // "$${" would be read as the characters "${" when it is filled in.
  if (to.ends_with('$') && made.starts_with("${"))
    out_.error(from.place,
               fmt::format("a `$` directly before {}, which is known only in the run",
                           model::to_string(from)),
               "put another character between the two");
  to += made;
}

std::vector<Template> Compiler::argv(const model::Command& command) {
  std::vector<Template> out;
  for (const auto& word : command.argv) out.push_back(text(word));
  return out;
}

catalogue::ProbeSpec Compiler::probe(const model::Probe& probe) {
  if (!probe.kind) return {};  // the loader has reported it
  const auto& kind = *probe.kind;
  catalogue::ProbeSpec made{kind.name, {}};
  for (const auto& field : probe.values)
    value(*kind.parameter(*field.key), field.value, made.values);
  return made;
}

void Compiler::value(const catalogue::Parameter& parameter, const model::Value& value,
                     std::map<std::string, Template>& into) {
  const model::Value* given = &value;
  // A reference that stands alone keeps its type: a list input is a list here.
  if (const auto* written = value.text())
    if (const auto* whole = written->whole())
      if (const auto* input = drill_.input(whole->root()); input && input->value.list())
        given = &input->value;
  const auto check = [&](const Template& one, const config::Place& place) {
    if (is_open(one)) return;
    if (const auto ok = catalogue::check_value(parameter, one); !ok)
      out_.error(place, fmt::format("`{}`: {}", parameter.name, ok.error().what), ok.error().hint);
  };
  if (!is_list(parameter.type)) {
    const auto* one = given->text();
    if (!one)
      return out_.error(given->place,
                        fmt::format("`{}` is one value, not a list or a map", parameter.name));
    into[parameter.name] = text(*one);
    return check(into[parameter.name], given->place);
  }
  std::vector<Template> items;
  const auto item = [&](const model::Value& v) {
    if (const auto* one = v.text()) return items.push_back(text(*one));
    // `{query: "select …"}` in a list travels as "query:select …".
    const auto* map = v.map();
    if (map && map->size() == 1 && map->front().value.text())
      return items.push_back(*map->front().key + ":" + text(*map->front().value.text()));
    out_.error(v.place,
               fmt::format("an element of `{}` is a text, or one key with a text", parameter.name));
  };
  if (const auto* list = given->list())
    for (const auto& v : *list) item(v);
  else
    item(*given);
  for (std::size_t i = 0; i < items.size(); ++i) {
    check(items[i], given->place);
    into[fmt::format("{}_{}", parameter.name, i)] = items[i];
  }
  into[parameter.name + "_count"] = std::to_string(items.size());
}

std::map<std::string, Template> Compiler::values(
    const std::vector<catalogue::Parameter>& parameters, const model::Fields& with,
    const config::Place& place, const std::string& whose) {
  std::map<std::string, Template> out;
  std::vector<std::string> known;
  for (const auto& parameter : parameters) {
    known.push_back(parameter.name);
    if (const auto* given = model::find(with, parameter.name)) {
      value(parameter, *given, out);
    } else if (parameter.required) {
      out_.error(place, fmt::format("{} needs `{}`: {}", whose, parameter.name, parameter.help),
                 "give it under `with:`");
    } else if (parameter.type == catalogue::ParameterType::list) {
      model::Value fallback{place, std::vector<model::Value>{}};
      for (const auto& word : split(parameter.fallback, ','))
        if (!trimmed(word).empty())
          std::get<std::vector<model::Value>>(fallback.data)
              .push_back({place, model::Text{std::string{trimmed(word)}, place}});
      value(parameter, fallback, out);
    } else {
      out[parameter.name] = escaped(parameter.fallback);
    }
  }
  for (const auto& field : with)
    if (std::find(known.begin(), known.end(), *field.key) == known.end())
      out_.unknown(field.key.place, fmt::format("`{}` is not a parameter of {}", *field.key, whose),
                   *field.key, known);
  return out;
}

}  // namespace muster::plan
