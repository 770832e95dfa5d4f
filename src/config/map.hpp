// Reads one map of a file, key by key; what nobody asked for is an error in the end.
//   Map map{node, "a drill", out};
//   drill.title = map.required<std::string>("title");
//   map.later("approve", "approvals");
//   map.finish();
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "config/scalar.hpp"

namespace muster::config {

/// The node and the Diagnostics must outlive it. A node that is no map is reported at once, and
/// then has no keys and no further errors.
class Map {
 public:
  Map(const Node& node, std::string what, Diagnostics& out);

  explicit operator bool() const { return node_.is_map(); }
  const Place& place() const { return node_.place; }

  /// The value at `key`, which is known from now on; nullptr when absent. A null counts as absent
  /// and is an error: it is nearly always a forgotten value.
  const Node* get(std::string_view key);
  /// Same, and an error when absent.
  const Node* need(std::string_view key);
  /// Place of the key; of the map when it is absent.
  Place key_place(std::string_view key) const;
  bool has(std::string_view key) const { return node_.find(key) != nullptr; }

  template <class T>
  std::optional<T> optional(std::string_view key) {
    const Node* node = get(key);
    return node ? read<T>(*node, out_) : std::nullopt;
  }
  template <class T>
  T optional_or(std::string_view key, T preset) {
    auto value = optional<T>(key);
    return value ? *std::move(value) : std::move(preset);
  }
  /// T{} after an error.
  template <class T>
  T required(std::string_view key) {
    const Node* node = need(key);
    auto value = node ? read<T>(*node, out_) : std::nullopt;
    return value ? *std::move(value) : T{};
  }
  template <class T>
  std::optional<Located<T>> located(std::string_view key) {
    const Node* node = get(key);
    auto value = node ? read<T>(*node, out_) : std::nullopt;
    return value ? std::optional{Located<T>{*std::move(value), node->place}} : std::nullopt;
  }
  template <class T>
  Located<T> required_located(std::string_view key) {
    const Node* node = need(key);
    auto value = node ? read<T>(*node, out_) : std::nullopt;
    return value ? Located<T>{*std::move(value), node->place} : Located<T>{T{}, place()};
  }
  /// One of few words; `preset` when absent or wrong.
  template <class E>
  E word(std::string_view key, const std::vector<std::pair<std::string, E>>& words, E preset) {
    const Node* node = get(key);
    if (!node) return preset;
    std::vector<std::string> right;
    for (const auto& [text, value] : words) {
      if (node->is_scalar() && node->text == text) return value;
      right.push_back(text);
    }
    wrong_word(*node, right);
    return preset;
  }

  /// A key that a later version brings: refused by its name, with what to do now.
  void later(std::string_view key, std::string_view hint = {});
  /// Exactly one of these keys must be there: that one, else "" and an error.
  std::string one_of(const std::vector<std::string>& keys);
  /// Unknown keys, with the nearest known one.
  void finish();

 private:
  void wrong_word(const Node& node, const std::vector<std::string>& right);

  const Node& node_;
  std::string what_;
  Diagnostics& out_;
  std::vector<std::string> known_;
};

}  // namespace muster::config
