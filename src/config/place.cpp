#include "config/place.hpp"

#include <fmt/format.h>

#include <tuple>

namespace muster::config {

Source::Source(std::string name, std::string text)
    : name_(std::move(name)), text_(std::move(text)) {
  starts_.push_back(0);
  for (std::size_t i = 0; i < text_.size(); ++i)
    if (text_[i] == '\n') starts_.push_back(i + 1);
}

std::string_view Source::line(std::uint32_t number) const {
  if (number == 0 || number > starts_.size()) return {};
  const std::size_t from = starts_[number - 1];
  const std::size_t to = number < starts_.size() ? starts_[number] - 1 : text_.size();
  return std::string_view{text_}.substr(from, to - from);
}

Place whole(const std::string& name) {
  return {std::make_shared<Source>(name, ""), 0, 0};
}

std::string to_string(const Place& place) {
  if (!place.source) return "-";
  if (place.line == 0) return place.source->name();
  return fmt::format("{}:{}:{}", place.source->name(), place.line, place.column);
}

bool before(const Place& a, const Place& b) {
  const std::string none;
  return std::tuple{a.source ? std::string_view{a.source->name()} : std::string_view{none}, a.line,
                    a.column} <
         std::tuple{b.source ? std::string_view{b.source->name()} : std::string_view{none}, b.line,
                    b.column};
}

}  // namespace muster::config
