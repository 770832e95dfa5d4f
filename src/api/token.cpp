#include "api/token.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/constant_time.hpp"
#include "base/id.hpp"
#include "base/text.hpp"
#include "journal/kinds.hpp"

namespace muster::api {
namespace {

constexpr std::string_view kPrefix = "mst_";
constexpr std::size_t kHexDigits = 64;
constexpr std::size_t kNameBytesMax = 64;

bool is_token_name(std::string_view name) {
  const auto fits = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_' || c == '.';
  };
  return !name.empty() && name.size() <= kNameBytesMax && name.front() != '-' &&
         std::all_of(name.begin(), name.end(), fits);
}

std::string text_of(const Json& data, const char* key) {
  const bool there = data.is_object() && data.contains(key) && data.at(key).is_string();
  return there ? data.at(key).get<std::string>() : "";
}

Error unreadable(const journal::Entry& entry) {
  return Error{
      fmt::format("entry {} of the workspace's log is not understood: {}", entry.seq, entry.action),
      "is it of a later version?"};
}

}  // namespace

std::string new_token_text() {
  return fmt::format("{}{}{}", kPrefix, random_id(), random_id());
}

bool looks_like_token(std::string_view text) {
  if (!text.starts_with(kPrefix)) return false;
  text.remove_prefix(kPrefix.size());
  return text.size() == kHexDigits && std::all_of(text.begin(), text.end(), [](char c) {
           return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
         });
}

Json made_data(const Token& token) {
  Json data{{"name", token.name}, {"sha256", hex(token.digest)}, {"scopes", token.scopes.names()}};
  if (!token.person.empty()) data["person"] = token.person;
  if (token.expires) data["expires"] = format_utc(*token.expires);
  return data;
}

std::string problem_of(const Token& token) {
  if (!is_token_name(token.name))
    return "a token's name is 1 to 64 letters, digits, '-', '_' and '.', and begins with no '-'";
  if (token.scopes == Scopes{}) return "a token needs a scope: read, run, approve, admin";
  if (token.person.empty() && token.scopes.has(Scope::approve))
    return "a service approves nothing: `approve` is for a person's token";
  return {};
}

Result<> Tokens::make(const journal::Entry& entry) {
  Token token;
  token.name = text_of(entry.data, "name");
  token.person = text_of(entry.data, "person");
  token.made_by = entry.actor.principal;
  token.made = entry.ts;
  const auto digest = digest_from_hex(text_of(entry.data, "sha256"));
  if (!digest || !is_token_name(token.name) || !entry.data.contains("scopes") ||
      !entry.data.at("scopes").is_array())
    return unreadable(entry);
  token.digest = *digest;
  for (const auto& word : entry.data.at("scopes")) {
    const auto scope = Scopes::parse(word.is_string() ? word.get<std::string>() : "");
    if (!scope) return unreadable(entry);
    for (const auto one : {Scope::read, Scope::run, Scope::approve, Scope::admin})
      if (scope->has(one)) token.scopes.add(one);
  }
  if (entry.data.contains("expires")) {
    const auto expires = parse_utc(text_of(entry.data, "expires"));
    if (!expires) return unreadable(entry);
    token.expires = *expires;
  }
  // Whatever the entry says.
  if (token.person.empty()) token.scopes.remove(Scope::approve);
  std::erase_if(all_, [&](const Token& other) { return other.name == token.name; });
  all_.push_back(std::move(token));
  return {};
}

Result<> Tokens::apply(const journal::Entry& entry) {
  if (entry.action == journal::kinds::kTokenMade) return make(entry);
  if (entry.action != journal::kinds::kTokenRevoked) return {};
  const auto name = text_of(entry.data, "name");
  for (auto& token : all_)
    if (token.name == name) token.revoked = true;
  return {};
}

const Token* Tokens::find(std::string_view text, WallTime now) const {
  if (!looks_like_token(text)) return nullptr;
  const auto digest = sha256(text);
  const Token* found = nullptr;
  for (const auto& token : all_)
    if (same_in_constant_time(token.digest, digest) && token.is_good(now)) found = &token;
  return found;
}

const Token* Tokens::named(std::string_view name) const {
  const auto it =
      std::find_if(all_.begin(), all_.end(), [&](const auto& token) { return token.name == name; });
  return it == all_.end() ? nullptr : &*it;
}

Principal principal_of(const Token& token) {
  Principal who;
  who.token = token.name;
  who.person = token.person;
  who.scopes = token.scopes;
  return who;
}

}  // namespace muster::api
