#include "base/json.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <vector>

namespace muster {
namespace {

/// "" when the value can be written canonically, else what is in the way.
std::string obstacle(const Json& v, int depth) {
  if (depth > kJsonDepthMost) return "is nested more than 64 levels";
  if (v.is_number_float()) return "holds a number with a fraction";
  if (v.is_number_unsigned() &&
      v.get<std::uint64_t>() > static_cast<std::uint64_t>(kJsonIntegerMost))
    return "holds an integer above 2^53";
  if (v.is_number_integer() && !v.is_number_unsigned() &&
      (v.get<std::int64_t>() > kJsonIntegerMost || v.get<std::int64_t>() < -kJsonIntegerMost))
    return "holds an integer beyond 2^53";
  if (v.is_binary()) return "holds raw bytes";
  if (v.is_object())
    for (const auto& [key, inner] : v.items()) {
      if (std::any_of(key.begin(), key.end(),
                      [](char c) { return static_cast<unsigned char>(c) > 126; }))
        return fmt::format("has the key '{}', which is not ASCII", key);
      if (auto why = obstacle(inner, depth + 1); !why.empty()) return why;
    }
  if (v.is_array())
    for (const auto& inner : v)
      if (auto why = obstacle(inner, depth + 1); !why.empty()) return why;
  return {};
}

/// Refuses duplicate keys and deep nesting while nlohmann parses.
class Watch {
 public:
  bool operator()(int depth, Json::parse_event_t event, Json& parsed) {
    if (depth > kJsonDepthMost) problem_ = "is nested more than 64 levels";
    if (event == Json::parse_event_t::object_start) keys_.emplace_back();
    if (event == Json::parse_event_t::object_end && !keys_.empty()) keys_.pop_back();
    if (event == Json::parse_event_t::key && !keys_.empty())
      if (!keys_.back().insert(parsed.get<std::string>()).second)
        problem_ = fmt::format("has the key '{}' twice", parsed.get<std::string>());
    return problem_.empty();
  }
  const std::string& problem() const { return problem_; }

 private:
  std::vector<std::set<std::string>> keys_;
  std::string problem_;
};

}  // namespace

Result<std::string> canonical_json(const Json& value) {
  if (auto why = obstacle(value, 0); !why.empty())
    return Error{"a record cannot be written as canonical JSON: it " + why};
  try {
    // nlohmann sorts keys by byte and escapes exactly as RFC 8785 asks; strict mode throws on bad
    // UTF-8.
    return value.dump(-1, ' ', false, Json::error_handler_t::strict);
  } catch (const Json::exception&) {
    return Error{"a record cannot be written as canonical JSON: it holds text that is not UTF-8"};
  }
}

Result<Json> parse_json(std::string_view text, std::size_t bytes_max) {
  if (text.size() > bytes_max)
    return Error{fmt::format("JSON of {} bytes is above the limit of {}", text.size(), bytes_max)};
  Watch watch;
  try {
    Json value = Json::parse(text.begin(), text.end(), std::ref(watch));
    if (!watch.problem().empty()) return Error{"the JSON " + watch.problem()};
    return value;
  } catch (const Json::exception& e) {
    return Error{fmt::format("this is not JSON: {}", e.what())};
  }
}

}  // namespace muster
