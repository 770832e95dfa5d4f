#include "model/probe_reader.hpp"

#include <fmt/format.h>

#include "model/command.hpp"
#include "model/probe_shapes.hpp"

namespace muster::model {
namespace {

using catalogue::Parameter;
using catalogue::Secrecy;

/// "password=" that no secret follows.
bool has_open_password(const Text& conninfo) {
  for (std::size_t i = 0; i < conninfo.parts.size(); ++i) {
    const auto* literal = std::get_if<std::string>(&conninfo.parts[i]);
    const auto at = literal ? literal->rfind("password=") : std::string::npos;
    if (at == std::string::npos) continue;
    const auto rest = std::string_view{*literal}.substr(at + 9);
    const auto* next =
        i + 1 < conninfo.parts.size() ? std::get_if<Reference>(&conninfo.parts[i + 1]) : nullptr;
    if (literal->find("password=") != at || !(rest.empty() || rest == "'") || !next ||
        next->root() != "secret")
      return true;
  }
  return false;
}

/// A password in a file is in every clone of it.
void refuse_passwords(const Parameter& parameter, const Text& text, Diagnostics& out) {
  if (parameter.secrecy == Secrecy::conninfo && has_open_password(text))
    out.error(text.place, "a password in a file",
              "write password=${secret.NAME}, or keep it in ~/.pgpass or a service file");
  if (parameter.secrecy == Secrecy::whole && text.references().empty() && !text.parts.empty())
    out.error(text.place, fmt::format("`{}` in a file", parameter.name),
              "a file is in every clone of it; write ${secret.NAME}");
}

void check_literal(const Parameter& parameter, const Value& value, Diagnostics& out) {
  const auto* text = value.text();
  if (!text) {
    if (!is_list(parameter.type))
      return out.error(value.place,
                       fmt::format("`{}` is one value, not a list or a map", parameter.name));
    if (!value.list())
      return out.error(value.place, fmt::format("`{}` is a list of texts", parameter.name));
    for (const auto& item : *value.list())
      if (!item.text())
        out.error(item.place, fmt::format("an element of `{}` is a text", parameter.name));
    return;
  }
  refuse_passwords(parameter, *text, out);
  if (!text->is_literal()) return;
  if (text->parts.empty() && parameter.required)
    return out.error(value.place, fmt::format("`{}` is empty", parameter.name), parameter.help);
  if (const auto checked = catalogue::check_text(parameter, text->written()); !checked)
    out.error(value.place, checked.error().what, checked.error().hint);
}

void read_value(Probe& probe, const Parameter& parameter, Place place, const config::Node& node,
                Diagnostics& out) {
  std::optional<Value> value;
  if (parameter.type == catalogue::ParameterType::command) {
    auto command = parse_command(node, out);
    std::vector<Value> words;
    for (auto& word : command.argv) words.push_back({node.place, std::move(word)});
    value = Value{node.place, std::move(words)};
  } else {
    const bool open = parameter.secrecy != Secrecy::none;
    value = parse_value(node, out, open ? SecretsHere::allowed : SecretsHere::refused);
  }
  if (!value) return;
  check_literal(parameter, *value, out);
  probe.values.push_back({{parameter.name, std::move(place)}, *std::move(value)});
}

/// `http: {url: …, status: …}`
void read_map(Probe& probe, const config::Node& node, Diagnostics& out) {
  const auto& kind = *probe.kind;
  config::Map map{node, probe_shape(kind), out};
  for (const auto& parameter : kind.parameters)
    if (const auto* value = map.raw(parameter.name))
      read_value(probe, parameter, map.key_place(parameter.name), *value, out);
  map.finish();
}

}  // namespace

Probe read_probe(config::Map& map, const config::Shape& shape, Diagnostics& out) {
  Probe probe;
  probe.place = map.place();
  const auto& kind = shape.keys.front().name;
  const auto* node = map.need(kind);
  probe.kind = catalogue::probe_kind(kind);
  if (!node) {  // told; what stands beside it says nothing without it
    if (const auto* beside = probe.kind->parameter(probe.kind->question)) map.raw(beside->name);
    if (shape.key("on_host")) map.raw("on_host");
    probe.kind = nullptr;
    return probe;
  }
  probe.place = node->place;
  if (node->is_map())
    read_map(probe, *node, out);
  else
    read_value(probe, *probe.kind->parameter(probe.kind->shorthand), node->place, *node, out);
  if (const auto* beside = probe.kind->parameter(probe.kind->question))
    if (const auto* value = map.raw(beside->name)) {
      if (find(probe.values, beside->name))
        out.error(value->place, fmt::format("`{}` is given twice", beside->name));
      else
        read_value(probe, *beside, map.key_place(beside->name), *value, out);
    }
  for (const auto& parameter : probe.kind->parameters)
    if (parameter.required && !node->is_map() && !find(probe.values, parameter.name))
      out.error(
          node->place, fmt::format("`{}` needs `{}`", kind, parameter.name),
          fmt::format("write `{}: {{{}: …, {}: …}}`", kind, probe.kind->shorthand, parameter.name));
  if (shape.key("on_host"))
    if (const auto host = map.located<config::Name>("on_host"))
      probe.on_host = Located<std::string>{host->value.text, host->place};
  return probe;
}

Condition read_condition(config::Map& map, const config::Shape& shape, Diagnostics& out) {
  const auto up = [&] { return map.word<bool>("is", {{"up", true}, {"down", false}}); };
  if (shape.key("service")) {
    const auto name = map.required_located<config::Name>("service");
    return ServiceIs{{name.value.text, name.place}, up()};
  }
  auto probe = read_probe(map, shape, out);
  const bool is = !shape.key("is") || up();
  if (probe.on_host && !is)
    out.error(map.key_place("is"), "`is: down` of what is asked on hosts",
              "it must hold on all of them: write what must hold");
  return ProbeIs{std::move(probe), is};
}

Condition read_condition(const config::Node& node, Diagnostics& out) {
  const auto* shape = config::shape_of(node, condition_shapes(), "a condition", out);
  if (!shape) return ServiceIs{};
  config::Map map{node, *shape, out};
  auto condition = read_condition(map, *shape, out);
  map.finish();
  return condition;
}

}  // namespace muster::model
