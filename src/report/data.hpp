// Reading the `data` of entries without trusting its shape. Internal to report/.
#pragma once
#include <string>

#include "base/json.hpp"

namespace muster::report {

/// The text under `key`, or "" when there is none, or none that is text.
inline std::string text_in(const Json& data, const char* key) {
  if (!data.is_object()) return {};
  const auto it = data.find(key);
  return it != data.end() && it->is_string() ? it->get<std::string>() : std::string{};
}

/// What the data of a `request` asks for, in words.
inline std::string wish_in(const Json& data) {
  const auto what = text_in(data, "what");
  return what == "stop_waiting" ? "stop waiting for what is not proven undone" : what;
}

}  // namespace muster::report
