#include "api/path.hpp"

#include <algorithm>
#include <charconv>

#include "base/text.hpp"

namespace muster::api {
namespace {

std::optional<std::string> unescaped(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    char c = text[i];
    if (c == '%') {
      unsigned value = 0;
      const auto digits = text.substr(i + 1, 2);
      const auto [end, ec] =
          std::from_chars(digits.data(), digits.data() + digits.size(), value, 16);
      if (digits.size() != 2 || ec != std::errc{} || end != digits.data() + 2) return std::nullopt;
      c = static_cast<char>(value);
      i += 2;
    }
    if (c < 0x20 || c > 0x7e) return std::nullopt;
    out += c;
  }
  return out;
}

}  // namespace

Result<Path> parse_target(std::string_view target) {
  const Error wrong{"the target must be a path of names in printable ASCII, percent-encoded",
                    "/v1/status"};
  Path path;
  const auto mark = target.find('?');
  const auto way = target.substr(0, mark);
  if (!way.starts_with('/')) return wrong;
  for (const auto& part : split(way.substr(1), '/')) {
    const auto name = unescaped(part);
    if (!name || name->empty()) return wrong;
    path.segments.push_back(*name);
  }
  if (mark == std::string_view::npos) return path;
  for (const auto& part : split(target.substr(mark + 1), '&')) {
    const auto equals = part.find('=');
    if (equals == std::string::npos) return wrong;
    const auto key = unescaped(std::string_view{part}.substr(0, equals));
    const auto value = unescaped(std::string_view{part}.substr(equals + 1));
    if (!key || !value || !path.query.emplace(*key, *value).second) return wrong;
  }
  return path;
}

std::optional<std::vector<std::string>> matched(const Path& path, std::string_view pattern) {
  const auto parts = split(pattern.substr(1), '/');
  if (parts.size() != path.segments.size()) return std::nullopt;
  std::vector<std::string> names;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (parts[i].starts_with('{'))
      names.push_back(path.segments[i]);
    else if (parts[i] != path.segments[i])
      return std::nullopt;
  }
  return names;
}

}  // namespace muster::api
