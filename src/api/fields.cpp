#include "api/fields.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"

namespace muster::api {

Fields::Fields(const Json& body) : left_(body) {
  if (!left_.is_object()) {
    left_ = Json::object();
    complain("the body must be a JSON object");
  }
}

Json Fields::taken(const std::string& key) {
  if (!left_.contains(key)) return nullptr;
  Json value = left_.at(key);
  left_.erase(key);
  // Left out is one thing, null another.
  if (value.is_null()) complain(fmt::format("'{}' is null: leave it out instead", key));
  return value;
}

std::string Fields::text(const std::string& key, std::size_t bytes_max) {
  const Json value = taken(key);
  if (value.is_null()) return {};
  auto text = checked(key, value);
  if (text.size() > bytes_max)
    complain(fmt::format("'{}' has {} bytes, {} are the most", key, text.size(), bytes_max));
  return text;
}

bool Fields::flag(const std::string& key) {
  const Json value = taken(key);
  if (!value.is_null() && !value.is_boolean())
    complain(fmt::format("'{}' must be true or false", key));
  return value.is_boolean() && value.get<bool>();
}

std::optional<std::uint64_t> Fields::number(const std::string& key) {
  const Json value = taken(key);
  if (value.is_null()) return std::nullopt;
  const auto whole = value.is_number_integer() ? value.get<std::int64_t>() : -1;
  if (whole < 0 || static_cast<std::uint64_t>(whole) >= journal::kIntegerEnd) {
    complain(fmt::format("'{}' must be a whole number from 0 on", key));
    return std::nullopt;
  }
  return static_cast<std::uint64_t>(whole);
}

std::map<std::string, std::string> Fields::texts(const std::string& key) {
  std::map<std::string, std::string> out;
  const Json value = taken(key);
  if (value.is_null()) return out;
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
