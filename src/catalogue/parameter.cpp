#include "catalogue/parameter.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

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
constexpr std::array<std::pair<std::string_view, ParameterType>, 3> kProbeTypes{
    {{"address", ParameterType::address},
     {"url", ParameterType::url},
     {"command", ParameterType::command}}};

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
    case ParameterType::command:
      return {};
    case ParameterType::address:
      return only_error(parse_host_port(text));
    case ParameterType::url:
      // A url that is refused may hold a password: only its beginning is repeated.
      if (!text.starts_with("http://") && !text.starts_with("https://"))
        return Error{fmt::format("expected http://… or https://…, found '{}'", bounded(text, 12)),
                     "write https://HOST[:PORT]/PATH"};
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

Result<> check_bounds(const Parameter& parameter, std::string_view text) {
  const auto& words = parameter.words;
  if (!words.empty() && std::find(words.begin(), words.end(), text) == words.end()) {
    const auto near = nearest(text, words);
    return Error{
        fmt::format("'{}' is not one of its words", bounded(text, 40)),
        near.empty() ? "expected one of " + joined(words, ", ") : "did you mean " + near + "?"};
  }
  std::int64_t number = 0;
  if (parameter.type != ParameterType::integer) return {};
  std::from_chars(text.data(), text.data() + text.size(), number);
  if (number < parameter.least)
    return Error{fmt::format("{} is too small", number),
                 fmt::format("it is at least {}", parameter.least)};
  if (number > parameter.most)
    return Error{fmt::format("{} is too large", number),
                 fmt::format("it is at most {}", parameter.most)};
  return {};
}

}  // namespace

std::string_view name_of(ParameterType type) {
  for (const auto& [name, t] : kTypes)
    if (t == type) return name;
  for (const auto& [name, t] : kProbeTypes)
    if (t == type) return name;
  return "?";
}

bool is_list(ParameterType type) {
  return type == ParameterType::list || type == ParameterType::command;
}

Result<HostPort> parse_host_port(std::string_view text) {
  const Error none{fmt::format("expected host:port, found '{}'", bounded(text, 80)),
                   "an IPv6 address stands in brackets: [::1]:443"};
  const auto colon = text.rfind(':');
  if (colon == std::string_view::npos || colon == 0) return none;
  const auto digits = text.substr(colon + 1);
  HostPort parsed{std::string{text.substr(0, colon)}, 0};
  const auto* end = digits.data() + digits.size();
  const auto [at, error] = std::from_chars(digits.data(), end, parsed.port);
  if (error != std::errc{} || at != end || parsed.port == 0) return none;
  if (parsed.host.starts_with('[')) {
    if (!parsed.host.ends_with(']') || parsed.host.size() < 4) return none;
    parsed.host = parsed.host.substr(1, parsed.host.size() - 2);
  }
  return parsed;
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

Result<> check_text(const Parameter& parameter, std::string_view text) {
  if (text.find('\0') != std::string_view::npos)
    return Error{"a value holds a zero byte", "remove it"};
  if (text.size() > kValueBytesMax)
    return Error{fmt::format("a value of {} bytes", text.size()),
                 "at most 64 KiB can travel to a target"};
  if (text.find("${") != std::string_view::npos) return {};
  if (auto checked = check_type(parameter.type, text); !checked) return checked;
  return check_bounds(parameter, text);
}

Result<> check_value(const Parameter& parameter, std::string_view text) {
  auto checked = check_text(parameter, text);
  if (!checked)
    return Error{fmt::format("{}: {}", parameter.name, checked.error().what), checked.error().hint};
  return {};
}

}  // namespace muster::catalogue
