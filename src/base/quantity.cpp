#include "base/quantity.hpp"

#include <fmt/format.h>

#include <array>
#include <cmath>
#include <optional>

namespace muster {
namespace {

/// The number at the front of `s`, which then holds what follows; digits with at most one point.
std::optional<double> leading_number(std::string_view& s) {
  std::size_t n = 0;
  int points = 0;
  while (n < s.size() && ((s[n] >= '0' && s[n] <= '9') || s[n] == '.')) points += s[n++] == '.';
  if (n == 0 || n > 15 || points > 1 || s[0] == '.' || s[n - 1] == '.') return std::nullopt;
  const double value = std::stod(std::string{s.substr(0, n)});
  s.remove_prefix(n);
  return value;
}

struct ByteUnit {
  std::string_view name;
  double factor;
};
constexpr std::array<ByteUnit, 9> kSizes{{{"KiB", 1024.0},
                                          {"MiB", 1048576.0},
                                          {"GiB", 1073741824.0},
                                          {"TiB", 1099511627776.0},
                                          {"kB", 1e3},
                                          {"MB", 1e6},
                                          {"GB", 1e9},
                                          {"TB", 1e12},
                                          {"B", 1.0}}};

}  // namespace

Result<std::uint64_t> parse_size(std::string_view text) {
  std::string_view rest = text;
  if (const auto number = leading_number(rest))
    for (const auto& unit : kSizes)
      if (rest == unit.name) {
        const double bytes = *number * unit.factor;
        if (bytes > 1e15)
          return Error{fmt::format("'{}' is too large", text), "the most is 1000TB"};
        return static_cast<std::uint64_t>(std::llround(bytes));
      }
  return Error{fmt::format("'{}' is not a size", text), "write a number and a unit: 512MiB, 1GB"};
}

std::string human_size(std::uint64_t bytes) {
  constexpr std::array<const char*, 5> units{"B", "KiB", "MiB", "GiB", "TiB"};
  double value = static_cast<double>(bytes);
  std::size_t i = 0;
  while (value >= 1024 && i + 1 < units.size()) value /= 1024, ++i;
  return i == 0 ? fmt::format("{} B", bytes) : fmt::format("{:.1f} {}", value, units[i]);
}

Result<double> parse_percent(std::string_view text) {
  std::string_view rest = text;
  const auto number = leading_number(rest);
  if (!number || rest != "%" || *number > 100)
    return Error{fmt::format("'{}' is not a percentage", text), "write 0% to 100%"};
  return *number / 100;
}

Result<double> parse_rate(std::string_view text) {
  std::string_view rest = text;
  const auto number = leading_number(rest);
  const double per_second = number ? (rest == "/s"   ? *number
                                      : rest == "/m" ? *number / 60
                                                     : -1)
                                   : -1;
  if (per_second <= 0 || per_second > 10000)
    return Error{fmt::format("'{}' is not a rate", text), "write 20/s or 1200/m, at most 10000/s"};
  return per_second;
}

}  // namespace muster
