#include "catalogue/parameter.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/quantity.hpp"
#include "base/text.hpp"
#include "base/time.hpp"

namespace muster::catalogue {
namespace {

// One environment value fails at 128 KiB on Linux; half of it leaves room (reference: protocol,
// "Limits").
constexpr std::size_t kValueBytesMax = 64u << 10;

constexpr std::array<std::pair<std::string_view, ParameterType>, 9> kTypes{
    {{"string", ParameterType::string},
     {"path", ParameterType::path},
     {"integer", ParameterType::integer},
     {"boolean", ParameterType::boolean},
     {"duration", ParameterType::duration},
     {"size", ParameterType::size},
     {"percent", ParameterType::percent},
     {"time", ParameterType::time},
     {"list", ParameterType::list}}};

bool is_integer(std::string_view text) {
  if (text.starts_with('-')) text.remove_prefix(1);
  return !text.empty() && text.size() <= 18 &&
         text.find_first_not_of("0123456789") == std::string_view::npos;
}

Result<> check_path(std::string_view text) {
  if (!text.starts_with('/'))
    return Error{fmt::format("'{}' is not an absolute path", text), "start it with /"};
  for (const auto& part : split(text, '/'))
    if (part == "..")
      return Error{fmt::format("'{}' holds '..'", text), "write the path that is meant"};
  if (text.find('\n') != std::string_view::npos)
    return Error{"a path holds a line break", "remove it"};
  return {};
}

template <class T>
Result<> only_error(const Result<T>& parsed) {
  if (!parsed) return parsed.error();
  return {};
}

Result<> check_type(ParameterType type, std::string_view text) {
  switch (type) {
    case ParameterType::string:
    case ParameterType::list:
      return {};
    case ParameterType::path:
      return check_path(text);
    case ParameterType::integer:
      if (!is_integer(text))
        return Error{fmt::format("'{}' is not an integer", text), "write digits only"};
      return {};
    case ParameterType::boolean:
      if (text != "true" && text != "false")
        return Error{fmt::format("'{}' is not a boolean", text), "write true or false"};
      return {};
    case ParameterType::duration:
      return only_error(parse_duration(text));
    case ParameterType::size:
      return only_error(parse_size(text));
    case ParameterType::percent:
      return only_error(parse_percent(text));
    case ParameterType::time:
      if (text == "latest") return {};
      return only_error(parse_utc(text));
  }
  return Error{"a parameter of a type that nobody knows", ""};
}

}  // namespace

std::string_view name_of(ParameterType type) {
  for (const auto& [name, t] : kTypes)
    if (t == type) return name;
  return "?";
}

Result<ParameterType> parse_parameter_type(std::string_view word) {
  std::vector<std::string> names;
  for (const auto& [name, type] : kTypes) {
    if (name == word) return type;
    names.emplace_back(name);
  }
  const auto near = nearest(word, names);
  return Error{fmt::format("'{}' is not a type of parameter", word),
               near.empty() ? "types are " + joined(names, ", ") : "did you mean " + near + "?"};
}

Result<> check_value(const Parameter& parameter, std::string_view text) {
  const auto named = [&](std::string_view what, std::string_view hint) {
    return Error{fmt::format("{}: {}", parameter.name, what), hint};
  };
  if (text.find('\0') != std::string_view::npos)
    return named("a value holds a zero byte", "remove it");
  if (text.size() > kValueBytesMax)
    return named(fmt::format("a value of {} bytes", text.size()),
                 "at most 64 KiB can travel to a target");
  if (text.find("${") != std::string_view::npos) return {};
  if (auto checked = check_type(parameter.type, text); !checked)
    return named(checked.error().what, checked.error().hint);
  return {};
}

}  // namespace muster::catalogue
