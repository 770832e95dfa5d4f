// Reads one map of a file, key by key, as its Shape declares it.
//   Map map{node, drill_shape(), out};
//   drill.title = map.or_default<std::string>("title");
//   map.finish();
// What the file lacks or holds too much is the user's error, and reported. Reading a key that the
// shape does not declare, or as another type, or leaving one unread, is the reader's: it throws
// std::logic_error, so that loader and schema cannot drift apart unnoticed.
#pragma once
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "config/scalar.hpp"
#include "config/shape.hpp"

namespace muster::config {

/// Of one list or map: what checks them looks things up one by one.
inline constexpr std::size_t kEntriesMax = 1000;

/// What a C++ type is declared as. Others specialise it beside their read<T>.
template <class T>
inline constexpr Type::Is kIs = Type::Is::value;
template <>
inline constexpr Type::Is kIs<std::string> = Type::Is::text;
template <>
inline constexpr Type::Is kIs<bool> = Type::Is::boolean;
template <>
inline constexpr Type::Is kIs<std::int64_t> = Type::Is::integer;
template <>
inline constexpr Type::Is kIs<Duration> = Type::Is::duration;
template <>
inline constexpr Type::Is kIs<Size> = Type::Is::size;
template <>
inline constexpr Type::Is kIs<Rate> = Type::Is::rate;
template <>
inline constexpr Type::Is kIs<Share> = Type::Is::share;
template <>
inline constexpr Type::Is kIs<Name> = Type::Is::name;
template <>
inline constexpr Type::Is kIs<std::vector<std::string>> = Type::Is::texts;

/// The node, the shape and the Diagnostics must outlive it. A node that is no map is reported at
/// once, and then has no keys and no further errors.
class Map {
 public:
  /// Reports what needs no reader: unknown, missing, empty and later keys.
  Map(const Node& node, const Shape& shape, Diagnostics& out);

  /// A map that no shape describes yet, and no schema: what has been read is what is known. `what`
  /// is for messages. For what is being added; a shape takes its place.
  Map(const Node& node, std::string what, Diagnostics& out);

  explicit operator bool() const { return node_.is_map(); }
  const Place& place() const { return node_.place; }

  /// The value at a key of a compound type (a map, a list, a choice); nullptr when it is absent or
  /// empty.
  const Node* get(std::string_view key);
  /// The same, of a key that must be there.
  const Node* need(std::string_view key);
  /// The same of any key: for values that a table of their own describes (a catalogue's
  /// parameters).
  const Node* raw(std::string_view key);
  /// Place of the key; of the map when it is absent.
  Place key_place(std::string_view key) const;
  /// Place of its value; of the map when it is absent.
  Place value_place(std::string_view key) const;
  bool has(std::string_view key) const;
  /// Which one of the shape's `one_of` is there; "" after an error.
  std::string chosen() const { return chosen_; }

  template <class T>
  std::optional<T> optional(std::string_view key) {
    auto value = located<T>(key);
    return value ? std::optional{std::move(value->value)} : std::nullopt;
  }
  /// What the shape declares as its default, when absent or wrong; T{} when that is nothing.
  template <class T>
  T or_default(std::string_view key) {
    if (auto value = optional<T>(key)) return *std::move(value);
    const Node written = declared_default(key);
    if (written.text.empty()) return T{};
    Diagnostics wrong;
    auto value = read<T>(written, wrong);
    if (!value) misread(key, "has a default of another type");
    return *std::move(value);
  }
  /// T{} after an error.
  template <class T>
  T required(std::string_view key) {
    return required_located<T>(key).value;
  }
  template <class T>
  std::optional<Located<T>> located(std::string_view key) {
    const Node* node = typed(key, kIs<T>);
    auto value = node ? read<T>(*node, out_) : std::nullopt;
    if constexpr (std::is_same_v<T, std::int64_t>)
      if (value && !in_range(key, *node, *value)) return std::nullopt;
    return value ? std::optional{Located<T>{*std::move(value), node->place}} : std::nullopt;
  }
  template <class T>
  Located<T> required_located(std::string_view key) {
    must_be_required(key);
    auto value = located<T>(key);
    return value ? *std::move(value) : Located<T>{T{}, place()};
  }
  /// One of few words, the ones that the shape declares; its default when absent or wrong.
  template <class E>
  E word(std::string_view key, const std::vector<std::pair<std::string, E>>& words) {
    std::vector<std::string> right;
    for (const auto& [text, value] : words) right.push_back(text);
    const std::string said = said_word(key, right);
    for (const auto& [text, value] : words)
      if (text == said) return value;
    return words.front().second;
  }

  /// The end: every key that stands in the file has been read.
  void finish() const;

  // Of a map without a shape only, which must be told what a shape would say.
  std::string one_of(const std::vector<std::string>& keys);
  void later(std::string_view key, std::string_view hint = {});
  template <class T>
  T optional_or(std::string_view key, T preset) {
    auto value = optional<T>(key);
    return value ? *std::move(value) : std::move(preset);
  }
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

 private:
  [[noreturn]] void misread(std::string_view key, std::string_view how) const;
  const Key& declared(std::string_view key) const;
  const Node* typed(std::string_view key, Type::Is is);
  const Node* value_at(std::string_view key);
  Node declared_default(std::string_view key) const;
  bool in_range(std::string_view key, const Node& node, std::int64_t number);
  void must_be_required(std::string_view key) const;
  std::string said_word(std::string_view key, const std::vector<std::string>& words);
  void check_keys();

  void wrong_word(const Node& node, const std::vector<std::string>& right);

  const std::unique_ptr<const Shape> none_;  ///< Without a shape: stands in for it.
  const Node& node_;
  const Shape& shape_;
  Diagnostics& out_;
  std::string chosen_;
  std::set<std::string, std::less<>> read_;
};

/// The one of the shapes whose first key the map holds: a step's word, a probe's kind. nullptr and
/// an error ("{what} needs one of: …") when there is none, or more than one.
const Shape* shape_of(const Node& node, const std::vector<const Shape*>& shapes,
                      std::string_view what, Diagnostics& out);

}  // namespace muster::config
