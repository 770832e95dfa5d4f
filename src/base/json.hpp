// Canonical JSON after RFC 8785, restricted to what Muster writes: ASCII keys, strings, booleans,
// null, arrays, objects, and integers whose magnitude is below 2^53. No floats: a hash must not
// depend on how somebody prints one. What is hashed is what is stored; nothing is re-serialised to
// verify.
#pragma once
#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace muster {

using Json = nlohmann::json;

/// What canonical JSON holds at most: the greatest magnitude of an integer, and levels of nesting.
inline constexpr std::int64_t kJsonIntegerMost = (1LL << 53) - 1;
inline constexpr int kJsonDepthMost = 64;

/// The canonical bytes, or why the value has none (a float, a key that is not ASCII, text that is
/// not UTF-8).
Result<std::string> canonical_json(const Json& value);

/// Parses JSON of at most `bytes_max` bytes and 64 levels; duplicates of a key are refused.
Result<Json> parse_json(std::string_view text, std::size_t bytes_max = 16u << 20);

}  // namespace muster
