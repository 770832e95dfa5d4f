#include "config/map.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

#include "base/text.hpp"

namespace muster::config {
namespace {

Place place_of_key(const Node& node, std::string_view key) {
  for (const auto& entry : node.entries)
    if (entry.key == key) return entry.place;
  return node.place;
}

/// The one of `keys` that the map holds; an error when there is none, or more.
std::string the_one(const Node& node, const std::vector<std::string>& keys, std::string_view what,
                    Diagnostics& out) {
  std::vector<std::string> there;
  for (const auto& key : keys)
    if (node.find(key)) there.push_back(key);
  if (there.size() == 1) return there.front();
  if (node.is_map() && there.empty())
    out.error(node.place, fmt::format("{} needs one of: {}", what, joined(keys, ", ")));
  if (there.size() > 1)
    out.error(place_of_key(node, there[1]),
              fmt::format("{} has both `{}` and `{}`", what, there[0], there[1]), "keep one");
  return {};
}

bool is_compound(Type::Is is) {
  using Is = Type::Is;
  return is == Is::shape || is == Is::named || is == Is::list || is == Is::either ||
         is == Is::value;
}

/// A word is read by word(), or as text where what it means is looked up elsewhere.
bool fits(Type::Is declared, Type::Is read) {
  return declared == read || (declared == Type::Is::word && read == Type::Is::text);
}

Shape without_keys(std::string what) {
  Shape shape;
  shape.what = std::move(what);
  return shape;
}

}  // namespace

Map::Map(const Node& node, const Shape& shape, Diagnostics& out)
    : node_(node), shape_(shape), out_(out) {
  if (!node.is_map()) {
    out_.error(node.place,
               fmt::format("expected {} (a map), found {}", shape_.what, description(node)));
    return;
  }
  check_keys();
  if (!shape.one_of.empty()) chosen_ = the_one(node, shape.one_of, shape.what, out);
}

Map::Map(const Node& node, std::string what, Diagnostics& out)
    : none_(std::make_unique<const Shape>(without_keys(std::move(what)))),
      node_(node),
      shape_(*none_),
      out_(out) {
  if (!node.is_map())
    out_.error(node.place,
               fmt::format("expected {} (a map), found {}", shape_.what, description(node)));
}

void Map::check_keys() {
  std::vector<std::string> right;
  for (const auto& key : shape_.keys) right.push_back(key.name);
  for (const auto& key : shape_.keys)
    if (key.need.required && !node_.find(key.name))
      out_.error(node_.place, fmt::format("{} needs `{}`", shape_.what, key.name));
  for (const auto& entry : node_.entries) {
    const auto refused = std::find_if(shape_.refused.begin(), shape_.refused.end(),
                                      [&](const auto& one) { return one.name == entry.key; });
    if (refused != shape_.refused.end())
      out_.error(entry.place,
                 refused->what.empty() ? fmt::format("`{}` is not in this version", entry.key)
                                       : refused->what,
                 refused->hint);
    else if (!shape_.key(entry.key) && !shape_.others)
      out_.unknown(entry.place, fmt::format("`{}` is not a key of {}", entry.key, shape_.what),
                   entry.key, right);
    else if (entry.value.is_null() && shape_.key(entry.key))
      out_.error(entry.place, fmt::format("`{}` has no value", entry.key),
                 "give one, or remove the key");
  }
}

const Node* Map::get(std::string_view key) {
  if (!none_ && !is_compound(declared(key).type.is))
    misread(key, "is not read as the type it is declared");
  return value_at(key);
}

const Node* Map::need(std::string_view key) {
  must_be_required(key);
  return get(key);
}

const Node* Map::raw(std::string_view key) {
  if (!none_) declared(key);
  return value_at(key);
}

const Node* Map::typed(std::string_view key, Type::Is is) {
  if (!none_ && !fits(declared(key).type.is, is))
    misread(key, "is not read as the type it is declared");
  return value_at(key);
}

const Node* Map::value_at(std::string_view key) {
  read_.emplace(key);
  const Node* node = node_.find(key);
  if (node && node->is_null() && none_)
    out_.error(key_place(key), fmt::format("`{}` has no value", key),
               "give one, or remove the key");
  if (!node || node->is_null()) return nullptr;
  if (node->entries.size() <= kEntriesMax && node->items.size() <= kEntriesMax) return node;
  out_.error(node->place, fmt::format("`{}` holds more than {} entries", key, kEntriesMax));
  return nullptr;
}

Place Map::key_place(std::string_view key) const {
  return place_of_key(node_, key);
}

Place Map::value_place(std::string_view key) const {
  const Node* node = node_.find(key);
  return node ? node->place : node_.place;
}

bool Map::has(std::string_view key) const {
  if (!none_) declared(key);
  return node_.find(key) != nullptr;
}

Node Map::declared_default(std::string_view key) const {
  Node node;
  node.kind = Node::Kind::scalar;
  node.text = declared(key).need.preset;
  return node;
}

std::string Map::said_word(std::string_view key, const std::vector<std::string>& words) {
  const Key& rule = declared(key);
  if (rule.type.is != Type::Is::word || rule.type.words != words)
    misread(key, "is read as other words than it is declared");
  const Node* node = value_at(key);
  if (!node) return rule.need.preset;
  if (node->is_scalar() && std::find(words.begin(), words.end(), node->text) != words.end())
    return node->text;
  wrong_word(*node, words);
  return rule.need.preset;
}

bool Map::in_range(std::string_view key, const Node& node, std::int64_t number) {
  if (none_) return true;
  const Type& type = declared(key).type;
  if (number >= type.least.value_or(number) && number <= type.most.value_or(number)) return true;
  const auto range = type.most
                         ? fmt::format("a number from {} to {}", type.least.value_or(0), *type.most)
                         : fmt::format("{} or more", *type.least);
  out_.error(node.place, fmt::format("`{}` is {}, found {}", key, range, number));
  return false;
}

void Map::finish() const {
  if (none_) {
    const std::vector<std::string> known{read_.begin(), read_.end()};
    for (const auto& entry : node_.entries)
      if (!read_.contains(entry.key))
        out_.unknown(entry.place, fmt::format("`{}` is not a key of {}", entry.key, shape_.what),
                     entry.key, known);
    return;
  }
  for (const auto& entry : node_.entries)
    if (shape_.key(entry.key) && !read_.contains(entry.key) && !entry.value.is_null())
      misread(entry.key, "is declared, and nobody reads it");
}

void Map::must_be_required(std::string_view key) const {
  if (none_) {
    if (node_.is_map() && !has(key))
      out_.error(node_.place, fmt::format("{} needs `{}`", shape_.what, key));
    return;
  }
  const bool chosen =
      std::find(shape_.one_of.begin(), shape_.one_of.end(), key) != shape_.one_of.end();
  if (!declared(key).need.required && !chosen) misread(key, "is not declared as required");
}

std::string Map::one_of(const std::vector<std::string>& keys) {
  read_.insert(keys.begin(), keys.end());
  return the_one(node_, keys, shape_.what, out_);
}

void Map::later(std::string_view key, std::string_view hint) {
  read_.emplace(key);
  if (has(key))
    out_.error(key_place(key), fmt::format("`{}` is not in this version", key), std::string{hint});
}

void Map::wrong_word(const Node& node, const std::vector<std::string>& right) {
  out_.unknown(node.place,
               fmt::format("expected one of {}, found {}", joined(right, ", "), description(node)),
               node.text, right);
}

const Key& Map::declared(std::string_view key) const {
  const Key* found = shape_.key(key);
  if (!found) misread(key, "is not declared");
  return *found;
}

void Map::misread(std::string_view key, std::string_view how) const {
  throw std::logic_error(fmt::format("`{}` of {} ({}) {}", key, shape_.what, shape_.name, how));
}

const Shape* shape_of(const Node& node, const std::vector<const Shape*>& shapes,
                      std::string_view what, Diagnostics& out) {
  std::vector<std::string> tags;
  for (const auto* shape : shapes) tags.push_back(shape->keys.front().name);
  if (!node.is_map())
    out.error(node.place, fmt::format("expected {} (a map), found {}", what, description(node)));
  const auto tag = the_one(node, tags, what, out);
  for (const auto* shape : shapes)
    if (shape->keys.front().name == tag) return shape;
  return nullptr;
}

}  // namespace muster::config
