// Makes a Json of what a reader tells (base/canonical_reader.hpp). A value.
#pragma once
#include <string>
#include <utility>
#include <vector>

#include "base/canonical_reader.hpp"
#include "base/json.hpp"

namespace muster {

class JsonBuilder final : public JsonEvents {
 public:
  void object_begins() override { open_.push_back(&put(Json::object())); }
  void array_begins() override { open_.push_back(&put(Json::array())); }
  void ends() override { open_.pop_back(); }
  void key(std::string_view name) override { key_ = name; }
  void text(std::string_view value) override { put(Json(value)); }
  /// As parse_json() has them: what is not negative is unsigned.
  void number(std::int64_t value) override {
    put(value < 0 ? Json(value) : Json(static_cast<std::uint64_t>(value)));
  }
  void boolean(bool value) override { put(Json(value)); }
  void null() override { put(Json(nullptr)); }

  /// Nothing is open: one whole value was told.
  bool is_whole() const { return open_.empty(); }
  Json take() { return std::exchange(root_, Json{}); }

 private:
  Json& put(Json value) {
    if (open_.empty()) return root_ = std::move(value);
    Json& in = *open_.back();
    if (in.is_array()) return in.emplace_back(std::move(value));
    auto& members = in.get_ref<Json::object_t&>();
    return members.emplace_hint(members.end(), key_, std::move(value))->second;
  }

  Json root_;
  std::vector<Json*> open_;  ///< from the outermost inwards; only the innermost one grows
  std::string key_;
};

}  // namespace muster
