// A YAML document as a tree that remembers places. Nothing is interpreted: a plain scalar is its
// text, and becomes a number, a boolean or a duration only when something that expects one reads
// it.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "config/place.hpp"

namespace muster::config {

struct Entry;

struct Node {
  enum class Kind { null, scalar, sequence, map };
  Kind kind = Kind::null;
  Place place;
  std::string text;            ///< Of a scalar.
  bool plain = true;           ///< Not quoted, no block scalar.
  std::vector<Node> items;     ///< Of a sequence.
  std::vector<Entry> entries;  ///< Of a map, in the order of the file; keys are unique.
  bool encrypted = false;      ///< A scalar that ansible-vault encrypted; no text of it is kept.

  bool is_null() const { return kind == Kind::null; }
  bool is_scalar() const { return kind == Kind::scalar; }
  bool is_sequence() const { return kind == Kind::sequence; }
  bool is_map() const { return kind == Kind::map; }
  /// The value at `key`; nullptr when this is no map or has no such key.
  const Node* find(std::string_view key) const;
};

struct Entry {
  std::string key;
  Place place;  ///< Of the key.
  Node value;
};

/// "a map", "a list", "nothing", "'ye…s'": what a message says was found.
std::string description(const Node& node);

}  // namespace muster::config
