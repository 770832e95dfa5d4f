// What endpoints answer, as JSON Schema (2020-12): for the document of the API. Tests hold real
// answers against it.
#pragma once
#include <string>
#include <string_view>

#include "base/json.hpp"

namespace muster::api {

struct Answer {
  std::string_view name;  ///< as a Route gives it
  int status = 200;
  std::string_view what;  ///< one line, for people
  std::string_view content_type = "application/json";
  /// Of JSON; null of other contents.
  Json (*schema)() = nullptr;
};

/// Throws std::logic_error of a name that no answer has.
const Answer& answer_named(std::string_view name);
/// {error, hint} of every status from 400 on.
Json error_schema();
/// {signed, signature} that any request which changes something may carry (signed.hpp).
Json signature_schema();

}  // namespace muster::api
