#include "api/fields.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "api/api.hpp"
#include "base/text.hpp"

namespace muster::api {

Fields::Fields(const Json& body) : left_(body) {
  if (!left_.is_object()) {
    left_ = Json::object();
    complain("the body must be a JSON object");
  }
}

std::string Fields::text(const std::string& key) {
  if (!left_.contains(key)) return {};
  const Json value = left_.at(key);
  left_.erase(key);
  return checked(key, value);
}

std::map<std::string, std::string> Fields::texts(const std::string& key) {
  std::map<std::string, std::string> out;
  if (!left_.contains(key)) return out;
  const Json value = left_.at(key);
  left_.erase(key);
  if (!value.is_object() || value.size() > Limits::kAnswersMax) {
    complain(fmt::format("'{}' must be an object of at most {} texts", key, Limits::kAnswersMax));
    return out;
  }
  for (const auto& [name, inner] : value.items()) {
    checked(key, name);
    out.emplace(name, checked(key + "." + name, inner));
  }
  return out;
}

std::string Fields::problem() const {
  if (!problem_.empty() || left_.empty()) return problem_;
  return fmt::format("the body has an unknown field '{}'",
                     bounded(printable(left_.items().begin().key()), 100));
}

std::string Fields::checked(const std::string& key, const Json& value) {
  const auto shown = bounded(printable(key), 100);
  if (!value.is_string()) {
    complain(fmt::format("'{}' must be a text", shown));
    return {};
  }
  auto text = value.get<std::string>();
  bytes_ += text.size();
  if (bytes_ > Limits::kTextBytesMax)
    complain(fmt::format("the texts of a request are at most {} bytes", Limits::kTextBytesMax));
  if (printable(text) != text)
    complain(fmt::format("'{}' holds control characters, or bytes that are no UTF-8", shown));
  return text;
}

void Fields::complain(std::string why) {
  if (problem_.empty()) problem_ = std::move(why);
}

}  // namespace muster::api
