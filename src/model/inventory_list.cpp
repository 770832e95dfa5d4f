// What `ansible-inventory --list` prints of the same files, so that the two can be compared.
#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <charconv>

#include "model/inventory_reader.hpp"

namespace muster::model {
namespace {

bool is_one_of(std::string_view text, std::initializer_list<std::string_view> words) {
  return std::find(words.begin(), words.end(), text) != words.end();
}

/// Types as YAML 1.1 gives them to plain words; here only, for the comparison.
Json scalar(const config::Node& node) {
  const auto& text = node.text;
  if (!node.plain) return text;
  if (is_one_of(text, {"true", "True", "TRUE", "yes", "Yes", "YES", "on", "On", "ON"})) return true;
  if (is_one_of(text, {"false", "False", "FALSE", "no", "No", "NO", "off", "Off", "OFF"}))
    return false;
  const auto end = text.data() + text.size();
  const auto digits =
      text.find_first_not_of("+-") == std::string::npos ? 0 : text.find_first_not_of("+-");
  const bool octal = text.size() > digits + 1 && text[digits] == '0';
  std::int64_t whole = 0;
  if (const auto [at, error] = std::from_chars(text.data(), end, whole, octal ? 8 : 10);
      error == std::errc{} && at == end)
    return whole;
  double real = 0;
  const bool point = text.find('.') != std::string::npos &&
                     text.find_first_not_of("+-.0123456789") == std::string::npos;
  if (const auto [at, error] = std::from_chars(text.data(), end, real);
      point && error == std::errc{} && at == end)
    return real;
  return text;
}

/// Secrets are never printed, wherever they come from.
bool names_a_secret(std::string_view name) {
  std::string lower{name};
  std::transform(lower.begin(), lower.end(), lower.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  for (const auto* word : {"pass", "secret", "token", "credential"})
    if (lower.find(word) != std::string::npos) return true;
  return false;
}

/// `secret`: it stands below a name that speaks of one.
Json json_of(bool secret, const config::Node& node) {
  if (node.encrypted) return "(encrypted by ansible-vault)";
  if (node.is_scalar() && secret) return "(hidden)";
  switch (node.kind) {
    case config::Node::Kind::null:
      return nullptr;
    case config::Node::Kind::scalar:
      return scalar(node);
    case config::Node::Kind::sequence: {
      Json list = Json::array();
      for (const auto& item : node.items) list.push_back(json_of(secret, item));
      return list;
    }
    case config::Node::Kind::map:
      break;
  }
  Json map = Json::object();
  for (const auto& entry : node.entries)
    map[entry.key] = json_of(secret || names_a_secret(entry.key), entry.value);
  return map;
}

}  // namespace

Json InventoryReader::list() {
  const auto& groups = tree_.groups();
  Json out = Json::object();
  for (InventoryTree::Index i = 0; i < groups.size(); ++i) {
    Json group = Json::object();
    for (const auto child : groups[i].children) group["children"].push_back(groups[child].name);
    if (i != InventoryTree::kAll)
      for (const auto host : groups[i].hosts) group["hosts"].push_back(tree_.hosts()[host].name);
    if (!group.empty()) out[groups[i].name] = std::move(group);
  }
  Json variables = Json::object();
  for (InventoryTree::Index i = 0; i < tree_.hosts().size(); ++i) {
    Json host = Json::object();
    for (const auto& [name, variable] : tree_.variables_of(i).merged())
      host[name] = json_of(names_a_secret(name), *variable.value);
    if (!host.empty()) variables[tree_.hosts()[i].name] = std::move(host);
  }
  out["_meta"] = Json{{"hostvars", std::move(variables)}};
  return out;
}

}  // namespace muster::model
