#include "base/secret.hpp"

#include <array>

#include "base/text.hpp"

namespace muster {
namespace {

constexpr std::string_view kOpen = "${secret.";

}  // namespace

std::string_view name_of(SecretSource::Kind kind) {
  constexpr std::array<std::string_view, 4> names{"env", "file", "command", "credential"};
  return names[static_cast<std::size_t>(kind)];
}

std::string describe(const SecretSource& source) {
  using Kind = SecretSource::Kind;
  if (source.kind == Kind::command) return "what this prints: " + shell_quoted(source.words);
  const std::string word = source.words.empty() ? "" : source.words.front();
  if (source.kind == Kind::env) return "the variable " + word;
  if (source.kind == Kind::file) return "the file " + word;
  return "systemd's credential " + word;
}

std::string secret_reference(std::string_view name) {
  return std::string{kOpen} + std::string{name} + "}";
}

std::vector<std::string> secrets_in(std::string_view text) {
  std::vector<std::string> names;
  const auto note = [&](const std::string& name) -> Result<std::string> {
    names.push_back(name);
    return std::string{};
  };
  (void)fill_secrets(text, note);
  return names;
}

Result<std::string> fill_secrets(std::string_view text, const SecretValue& value) {
  std::string out;
  while (!text.empty()) {
    const auto at = text.find("${");
    out += text.substr(0, at);
    if (at == std::string_view::npos) break;
    const bool escaped = at > 0 && text[at - 1] == '$';
    text.remove_prefix(at);
    const auto end = text.find('}');
    if (escaped) {  // "$${" stands for "${"
      out += '{';
      text.remove_prefix(2);
    } else if (text.starts_with(kOpen) && end != std::string_view::npos) {
      auto found = value(std::string{text.substr(kOpen.size(), end - kOpen.size())});
      if (!found) return found.error();
      out += *found;
      text.remove_prefix(end + 1);
    } else {
      out += "${";
      text.remove_prefix(2);
    }
  }
  return out;
}

}  // namespace muster
