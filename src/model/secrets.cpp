#include "model/secrets.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "config/map.hpp"
#include "model/command.hpp"
#include "model/shapes.hpp"

namespace muster::model {
namespace {

constexpr std::size_t kSecretsMax = 200;

/// As the kernel and every shell take it.
bool is_variable(std::string_view name) {
  const auto fits = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
  };
  return !name.empty() && !(name[0] >= '0' && name[0] <= '9') &&
         std::all_of(name.begin(), name.end(), fits);
}

std::vector<std::string> read_words(const config::Node& node, Diagnostics& out) {
  const auto command = parse_command(node, out);
  if (command.shell)
    out.error(node.place, "the command of a secret is a list", "write [program, argument, …]");
  std::vector<std::string> words;
  for (const auto& word : command.argv) {
    for (const auto* reference : word.references())
      out.error(reference->place,
                fmt::format("`{}` in the command of a secret", to_string(*reference)),
                "write the value");
    words.push_back(word.written());
  }
  return words;
}

void check_word(SecretSource::Kind kind, const Located<std::string>& word, Diagnostics& out) {
  using Kind = SecretSource::Kind;
  if (kind == Kind::env && !is_variable(*word))
    out.error(word.place, fmt::format("'{}' is not a variable's name", *word));
  if (kind == Kind::file && !word->starts_with('/'))
    out.error(word.place, fmt::format("'{}' is not an absolute path", *word),
              "a secret is kept outside of the workspace, where git would take it");
  if (kind == Kind::credential && (word->find('/') != std::string::npos || word->starts_with('.')))
    out.error(word.place, fmt::format("'{}' is not a credential's name", *word),
              "as in LoadCredential=NAME:PATH of the unit");
}

SecretSource read_source(const config::Node& node, Diagnostics& out) {
  using Kind = SecretSource::Kind;
  SecretSource source;
  config::Map map{node, secret_shape(), out};
  const auto which = map.chosen();
  for (const auto kind : {Kind::env, Kind::file, Kind::command, Kind::credential})
    if (name_of(kind) == which) source.kind = kind;
  if (which == "command") {
    if (const auto* command = map.raw(which)) source.words = read_words(*command, out);
  } else if (!which.empty()) {
    const auto word = map.required_located<std::string>(which);
    if (!word->empty()) check_word(source.kind, word, out);
    source.words = {*word};
  }
  if (!which.empty()) map.finish();
  return source;
}

}  // namespace

const Secret* Secrets::find(std::string_view name) const {
  for (const auto& secret : all)
    if (*secret.name == name) return &secret;
  return nullptr;
}

std::vector<std::string> Secrets::names() const {
  std::vector<std::string> out;
  for (const auto& secret : all) out.push_back(*secret.name);
  return out;
}

void read_secrets(const config::Node& node, Secrets& secrets, Diagnostics& out) {
  if (!node.is_map())
    out.error(node.place, "expected secrets (a map), found " + config::description(node));
  for (const auto& entry : node.entries) {
    if (!config::is_name(entry.key))
      out.error(entry.place, fmt::format("`{}` is not a name", entry.key),
                "letters, digits, `_` and `-`, at most 64");
    if (const auto* other = secrets.find(entry.key))
      out.error(entry.place, fmt::format("there are two secrets `{}`", entry.key),
                "the other one: " + config::to_string(other->name.place));
    secrets.all.push_back({{entry.key, entry.place}, read_source(entry.value, out)});
  }
  if (secrets.all.size() > kSecretsMax)
    out.error(node.place, fmt::format("more than {} secrets", kSecretsMax));
}

}  // namespace muster::model
