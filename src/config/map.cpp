#include "config/map.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"

namespace muster::config {

Map::Map(const Node& node, std::string what, Diagnostics& out)
    : node_(node), what_(std::move(what)), out_(out) {
  if (!node.is_map())
    out_.error(node.place, fmt::format("expected {} (a map), found {}", what_, description(node)));
}

const Node* Map::get(std::string_view key) {
  known_.emplace_back(key);
  const Node* node = node_.find(key);
  if (!node || !node->is_null()) return node;
  out_.error(key_place(key), fmt::format("`{}` has no value", key), "give one, or remove the key");
  return nullptr;
}

const Node* Map::need(std::string_view key) {
  const Node* node = get(key);
  if (!node && node_.is_map() && !has(key))
    out_.error(node_.place, fmt::format("{} needs `{}`", what_, key));
  return node;
}

Place Map::key_place(std::string_view key) const {
  for (const auto& entry : node_.entries)
    if (entry.key == key) return entry.place;
  return node_.place;
}

void Map::later(std::string_view key, std::string_view hint) {
  known_.emplace_back(key);
  if (has(key))
    out_.error(key_place(key), fmt::format("`{}` is not in this version", key), std::string{hint});
}

std::string Map::one_of(const std::vector<std::string>& keys) {
  std::vector<std::string> there;
  for (const auto& key : keys) {
    known_.push_back(key);
    if (has(key)) there.push_back(key);
  }
  if (there.size() == 1) return there.front();
  if (node_.is_map() && there.empty())
    out_.error(node_.place, fmt::format("{} needs one of: {}", what_, joined(keys, ", ")));
  if (there.size() > 1)
    out_.error(key_place(there[1]),
               fmt::format("{} has both `{}` and `{}`", what_, there[0], there[1]), "keep one");
  return {};
}

void Map::finish() {
  for (const auto& entry : node_.entries)
    if (std::find(known_.begin(), known_.end(), entry.key) == known_.end())
      out_.unknown(entry.place, fmt::format("`{}` is not a key of {}", entry.key, what_), entry.key,
                   known_);
}

void Map::wrong_word(const Node& node, const std::vector<std::string>& right) {
  out_.unknown(node.place,
               fmt::format("expected one of {}, found {}", joined(right, ", "), description(node)),
               node.text, right);
}

}  // namespace muster::config
