#include "catalogue/probe.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "base/text.hpp"
#include "catalogue/mask.hpp"

namespace muster::catalogue {
namespace {

constexpr std::size_t kDescriptionBytesMax = 300;
constexpr std::size_t kListMax = 1000;

const std::string* given(const ProbeSpec& spec, std::string_view name) {
  const auto it = spec.values.find(std::string{name});
  return it == spec.values.end() ? nullptr : &it->second;
}

/// One value as people see it.
std::string shown(const ProbeSpec& spec, const Parameter& parameter) {
  if (!is_list(parameter.type)) return masked(parameter.secrecy, spec.text(parameter.name));
  const auto items = spec.list(parameter.name);
  if (parameter.secrecy != Secrecy::none) return masked(parameter.secrecy, joined(items, ","));
  return parameter.type == ParameterType::command ? shell_quoted(items) : joined(items, ", ");
}

bool wants_quotes(std::string_view text) {
  return text.empty() || text.find_first_of(" ,'") != std::string_view::npos;
}

}  // namespace

const Parameter* ProbeKind::parameter(std::string_view parameter_name) const {
  const auto it = std::find_if(parameters.begin(), parameters.end(),
                               [&](const Parameter& p) { return p.name == parameter_name; });
  return it == parameters.end() ? nullptr : &*it;
}

const ProbeKind* probe_kind(std::string_view name) {
  const auto& kinds = probe_kinds();
  const auto it =
      std::find_if(kinds.begin(), kinds.end(), [&](const ProbeKind& k) { return k.name == name; });
  return it == kinds.end() ? nullptr : &*it;
}

std::string ProbeSpec::text(std::string_view parameter) const {
  if (const auto* value = given(*this, parameter)) return *value;
  const auto* declared = probe_kind(kind);
  const auto* p = declared != nullptr ? declared->parameter(parameter) : nullptr;
  return p != nullptr ? p->fallback : "";
}

std::vector<std::string> ProbeSpec::list(std::string_view parameter) const {
  std::vector<std::string> items;
  if (given(*this, fmt::format("{}_count", parameter)) == nullptr) {
    for (const auto& word : split(text(parameter), ','))
      if (!trimmed(word).empty()) items.emplace_back(trimmed(word));
    return items;
  }
  while (items.size() < kListMax) {
    const auto* item = given(*this, fmt::format("{}_{}", parameter, items.size()));
    if (item == nullptr) break;
    items.push_back(*item);
  }
  return items;
}

std::int64_t ProbeSpec::number(std::string_view parameter) const {
  const auto value = text(parameter);
  std::int64_t number = 0;
  std::from_chars(value.data(), value.data() + value.size(), number);
  return number;
}

Result<> check(const ProbeSpec& spec) {
  const auto* kind = probe_kind(spec.kind);
  if (kind == nullptr) return Error{fmt::format("no probe is called '{}'", spec.kind)};
  for (const auto& parameter : kind->parameters) {
    const bool list = is_list(parameter.type);
    const auto items =
        list ? spec.list(parameter.name) : std::vector<std::string>{spec.text(parameter.name)};
    const bool missing = items.empty() || (!list && items[0].empty());
    if (missing && parameter.required)
      return Error{fmt::format("a {} probe needs `{}`", kind->name, parameter.name),
                   parameter.help};
    if (missing) continue;
    for (const auto& item : items)
      if (auto checked = check_value(parameter, item); !checked) return checked;
  }
  return {};
}

std::string describe(const ProbeSpec& spec) {
  const auto* kind = probe_kind(spec.kind);
  if (kind == nullptr) return bounded(printable(spec.kind), kDescriptionBytesMax);
  std::string text = spec.kind;
  if (const auto* first = kind->parameter(kind->shorthand)) text += " " + shown(spec, *first);
  std::string separator = ": ";
  if (const auto* question = kind->parameter(kind->question)) {
    text += separator + shown(spec, *question);
    separator = ", ";
  }
  for (const auto& parameter : kind->parameters) {
    if (parameter.name == kind->shorthand || parameter.name == kind->question) continue;
    const auto value = shown(spec, parameter);
    if (value.empty() || value == parameter.fallback) continue;
    text += fmt::format("{}{} {}", separator, parameter.name,
                        wants_quotes(value) ? "'" + value + "'" : value);
    separator = ", ";
  }
  return bounded(printable(text), kDescriptionBytesMax);
}

std::vector<SecretText> secret_texts(ProbeSpec& spec) {
  std::vector<SecretText> texts;
  const auto* kind = probe_kind(spec.kind);
  if (kind == nullptr) return texts;
  for (const auto& parameter : kind->parameters) {
    if (parameter.secrecy == Secrecy::none) continue;
    const auto add = [&](const std::string& name) {
      const auto it = spec.values.find(name);
      if (it != spec.values.end()) texts.push_back({&it->second, parameter.secrecy});
      return it != spec.values.end();
    };
    if (!is_list(parameter.type)) add(parameter.name);
    for (std::size_t i = 0; is_list(parameter.type) && i < kListMax; ++i)
      if (!add(fmt::format("{}_{}", parameter.name, i))) break;
  }
  return texts;
}

Json to_json(const ProbeSpec& spec) {
  return {{"kind", spec.kind}, {"values", spec.values}};
}

ProbeSpec probe_from_json(const Json& json) {
  ProbeSpec spec{json.at("kind").get<std::string>(), {}};
  if (json.contains("values")) {
    spec.values = json.at("values").get<Values>();
    return spec;
  }
  for (const auto& [name, value] : json.items()) {
    if (name == "kind") continue;
    if (value.is_array()) {
      for (std::size_t i = 0; i < value.size(); ++i)
        spec.values[fmt::format("{}_{}", name, i)] = value[i].get<std::string>();
      spec.values[name + "_count"] = std::to_string(value.size());
    } else if (value.is_number()) {
      if (const auto number = value.get<std::int64_t>(); number != 0)
        spec.values[name] = std::to_string(number);
    } else if (const auto text = value.get<std::string>(); !text.empty()) {
      spec.values[name] = text;
    }
  }
  if (spec.kind == "tcp") {
    const bool v6 = spec.values["host"].find(':') != std::string::npos;
    spec.values["address"] = fmt::format("{}{}{}:{}", v6 ? "[" : "", spec.values["host"],
                                         v6 ? "]" : "", spec.values["port"]);
    spec.values.erase("host");
    spec.values.erase("port");
  }
  return spec;
}

}  // namespace muster::catalogue
