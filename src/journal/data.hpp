// Reading the `data` of entries in the fold. Internal to journal/.
#pragma once
#include <string>

#include "base/json.hpp"

namespace muster::journal {

/// The text under `key`, or "" when there is none, or none that is text.
inline std::string text_in(const Json& data, const char* key) {
  if (!data.is_object()) return {};
  const auto it = data.find(key);
  return it != data.end() && it->is_string() ? it->get<std::string>() : std::string{};
}

/// True only where `key` says so in so many words.
inline bool flag_in(const Json& data, const char* key) {
  if (!data.is_object()) return false;
  const auto it = data.find(key);
  return it != data.end() && it->is_boolean() && it->get<bool>();
}

}  // namespace muster::journal
