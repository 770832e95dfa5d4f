// Text of the file -> the value of the type that is expected there. The expected type decides:
// `true` is a boolean only for bool, `010` is ten, and `no` is a string or an error.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.hpp"
#include "config/diagnostics.hpp"
#include "config/node.hpp"

namespace muster::config {

/// Bytes, written with a unit.
struct Size {
  std::uint64_t bytes = 0;
};
/// Events per second, written "20/s".
struct Rate {
  double per_second = 0;
};
/// 0 to 1, written "50%".
struct Share {
  double of_one = 0;
};
/// A name that others refer to: a letter or digit, then letters, digits, `_`, `-`; at most 64.
struct Name {
  std::string text;
};

/// Each reads one type; an error goes to `out`, the answer is then nothing. Strings are at most 64
/// KiB and not empty.
template <class T>
std::optional<T> read(const Node& node, Diagnostics& out);

template <>
std::optional<std::string> read<std::string>(const Node& node, Diagnostics& out);
template <>
std::optional<bool> read<bool>(const Node& node, Diagnostics& out);
template <>
std::optional<std::int64_t> read<std::int64_t>(const Node& node, Diagnostics& out);
template <>
std::optional<Duration> read<Duration>(const Node& node, Diagnostics& out);
template <>
std::optional<Size> read<Size>(const Node& node, Diagnostics& out);
template <>
std::optional<Rate> read<Rate>(const Node& node, Diagnostics& out);
template <>
std::optional<Share> read<Share>(const Node& node, Diagnostics& out);
template <>
std::optional<Name> read<Name>(const Node& node, Diagnostics& out);
template <>
std::optional<std::vector<std::string>> read<std::vector<std::string>>(const Node& node,
                                                                       Diagnostics& out);

bool is_name(std::string_view text);

}  // namespace muster::config
