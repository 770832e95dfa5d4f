// The hash of a plan as people give it to `--plan`: its first digits, with or without "sha256:".
#pragma once
#include <fmt/format.h>

#include <string>

#include "base/result.hpp"

namespace muster::cli {

/// The digits alone.
inline std::string hash_digits(std::string given) {
  constexpr std::string_view kKind = "sha256:";  // as `muster plan` prints it
  if (given.starts_with(kKind)) given.erase(0, kKind.size());
  return given;
}

/// Of fewer digits, another plan could be made that begins with the same ones.
inline Result<> enough_digits(const std::string& digits) {
  constexpr std::size_t kHashDigitsMin = 12;
  if (digits.size() >= kHashDigitsMin) return {};
  return Error{fmt::format("`--plan` needs at least {} digits of the hash", kHashDigitsMin),
               "`muster plan` prints it"};
}

}  // namespace muster::cli
