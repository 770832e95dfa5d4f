#include "config/scalar.hpp"

#include <fmt/format.h>

#include <charconv>

#include "base/quantity.hpp"

namespace muster::config {
namespace {

constexpr std::size_t kTextBytesMax = 64u << 10;

std::nullopt_t refuse(const Node& node, Diagnostics& out, std::string_view expected,
                      std::string hint = {}) {
  out.error(node.place, fmt::format("expected {}, found {}", expected, description(node)),
            std::move(hint));
  return std::nullopt;
}

/// For types that base/ reads: its message already says what was expected.
template <class T, class Parse>
std::optional<T> parsed(const Node& node, Diagnostics& out, std::string_view expected,
                        Parse parse) {
  if (!node.is_scalar()) return refuse(node, out, expected);
  const auto value = parse(node.text);
  if (value) return T{*value};
  out.error(node.place, value.error().what, value.error().hint);
  return std::nullopt;
}

}  // namespace

bool is_name(std::string_view text) {
  const auto alphanumeric = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
  };
  if (text.empty() || text.size() > 64 || !alphanumeric(text.front())) return false;
  for (const char c : text)
    if (!alphanumeric(c) && c != '_' && c != '-') return false;
  return true;
}

template <>
std::optional<std::string> read<std::string>(const Node& node, Diagnostics& out) {
  if (!node.is_scalar()) return refuse(node, out, "text");
  if (node.text.empty()) return refuse(node, out, "text");
  if (node.text.size() > kTextBytesMax) return refuse(node, out, "text of at most 64 KiB");
  return node.text;
}

template <>
std::optional<bool> read<bool>(const Node& node, Diagnostics& out) {
  if (node.is_scalar() && node.plain && node.text == "true") return true;
  if (node.is_scalar() && node.plain && node.text == "false") return false;
  return refuse(node, out, "true or false");
}

template <>
std::optional<std::int64_t> read<std::int64_t>(const Node& node, Diagnostics& out) {
  std::int64_t value = 0;
  const auto& text = node.text;
  const auto end = text.data() + text.size();
  const auto [at, error] = std::from_chars(text.data(), end, value);
  if (!node.is_scalar() || error != std::errc{} || at != end)
    return refuse(node, out, "a whole number");
  return value;
}

template <>
std::optional<Duration> read<Duration>(const Node& node, Diagnostics& out) {
  return parsed<Duration>(node, out, "a duration", parse_duration);
}

template <>
std::optional<Size> read<Size>(const Node& node, Diagnostics& out) {
  return parsed<Size>(node, out, "a size", parse_size);
}

template <>
std::optional<Rate> read<Rate>(const Node& node, Diagnostics& out) {
  return parsed<Rate>(node, out, "a rate", parse_rate);
}

template <>
std::optional<Share> read<Share>(const Node& node, Diagnostics& out) {
  return parsed<Share>(node, out, "a percentage", parse_percent);
}

template <>
std::optional<Name> read<Name>(const Node& node, Diagnostics& out) {
  if (!node.is_scalar() || !is_name(node.text))
    return refuse(node, out, "a name", "letters, digits, `_` and `-`, at most 64");
  return Name{node.text};
}

template <>
std::optional<std::vector<std::string>> read<std::vector<std::string>>(const Node& node,
                                                                       Diagnostics& out) {
  if (!node.is_sequence()) return refuse(node, out, "a list of texts");
  std::vector<std::string> values;
  for (const auto& item : node.items)
    if (auto text = read<std::string>(item, out)) values.push_back(*std::move(text));
  return values;
}

}  // namespace muster::config
