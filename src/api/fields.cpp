#include "api/fields.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <stdexcept>

#include "base/text.hpp"

namespace muster::api {
namespace {

/// What stands in a query is text: as what it is declared. Another text than that stays one, and is
/// told of when it is read.
Json value_of(const std::string& text, const Field* declared) {
  if (declared && declared->is == Field::Is::flag && (text == "true" || text == "false"))
    return text == "true";
  std::uint64_t number = 0;
  const auto* const last = text.data() + text.size();
  const auto [end, ec] = std::from_chars(text.data(), last, number);
  if (declared && declared->is == Field::Is::number && !text.empty() && ec == std::errc{} &&
      end == last && number < journal::kIntegerEnd)
    return number;
  return text;
}

const Field* find(FieldList declared, std::string_view key) {
  const auto it = std::find_if(declared.begin(), declared.end(),
                               [&](const Field& field) { return field.name == key; });
  return it == declared.end() ? nullptr : &*it;
}

}  // namespace

Fields::Fields(const Json& body, FieldList declared) : declared_{declared}, left_(body) {
  if (!left_.is_object()) {
    left_ = Json::object();
    complain("the body must be a JSON object");
  }
}

Fields Fields::of_query(const std::map<std::string, std::string>& query, FieldList declared) {
  Json values = Json::object();
  for (const auto& [key, text] : query) values[key] = value_of(text, find(declared, key));
  return Fields{values, declared};
}

const Field& Fields::declared(const std::string& key) const {
  const auto* field = find(declared_, key);
  if (!field) throw std::logic_error("the field '" + key + "' is read, and not declared");
  return *field;
}

Json Fields::taken(const std::string& key, Field::Is is) {
  const auto& field = declared(key);
  if (field.is != is) throw std::logic_error("the field '" + key + "' is read as another type");
  read_.insert(key);
  if (!left_.contains(key)) {
    if (field.needed) complain(fmt::format("'{}' is needed: {}", key, field.help));
    return nullptr;
  }
  Json value = left_.at(key);
  left_.erase(key);
  // Left out is one thing, null another.
  if (value.is_null()) complain(fmt::format("'{}' is null: leave it out instead", key));
  return value;
}

std::string Fields::text(const std::string& key) {
  const Json value = taken(key, Field::Is::text);
  if (value.is_null()) return {};
  const auto& field = declared(key);
  const auto bytes_max = field.bytes_max > 0 ? field.bytes_max : Limits::kTextBytesMax;
  auto text = checked(key, value);
  if (text.size() > bytes_max)
    complain(fmt::format("'{}' has {} bytes, {} are the most", key, text.size(), bytes_max));
  if (field.needed && text.empty()) complain(fmt::format("'{}' is needed: {}", key, field.help));
  return text;
}

bool Fields::flag(const std::string& key) {
  const Json value = taken(key, Field::Is::flag);
  if (!value.is_null() && !value.is_boolean())
    complain(fmt::format("'{}' must be true or false", key));
  return value.is_boolean() && value.get<bool>();
}

std::optional<std::uint64_t> Fields::number(const std::string& key) {
  const Json value = taken(key, Field::Is::number);
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
  const Json value = taken(key, Field::Is::texts);
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

std::vector<std::string> Fields::words(const std::string& key) {
  std::vector<std::string> out;
  const Json value = taken(key, Field::Is::words);
  if (value.is_null()) return out;
  if (!value.is_array() || value.size() > Limits::kAnswersMax) {
    complain(fmt::format("'{}' must be a list of at most {} texts", key, Limits::kAnswersMax));
    return out;
  }
  for (const auto& inner : value) out.push_back(checked(key, inner));
  return out;
}

std::string Fields::problem() const {
  for (const auto& field : declared_)
    if (!read_.contains(std::string{field.name}))
      throw std::logic_error("the field '" + std::string{field.name} +
                             "' is declared, and not read");
  if (!problem_.empty() || left_.empty()) return problem_;
  return fmt::format("there is an unknown field '{}'",
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
