// Tokens: what a client without a Unix socket shows to say who asks. The record keeps their names
// and hashes, never themselves; who lost one makes another. Values and pure functions.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "api/principal.hpp"
#include "api/scope.hpp"
#include "base/digest.hpp"
#include "base/time.hpp"
#include "journal/entry.hpp"

namespace muster::api {

struct Token {
  std::string name;
  Digest digest{};  ///< SHA-256 of its text
  Scopes scopes;
  std::string person;  ///< id in people.yaml; "": a service's
  std::optional<WallTime> expires;

  std::string made_by;  ///< the principal
  WallTime made{};
  bool revoked = false;
  bool is_good(WallTime now) const { return !revoked && (!expires || now < *expires); }
};

/// "mst_" and 256 random bits in hex.
std::string new_token_text();
/// Whether it can be one at all.
bool looks_like_token(std::string_view text);

/// What stands in a token.made entry: {name, sha256, scopes, person, expires}.
Json made_data(const Token& token);
/// "" or why no such token may be: a name that is none, no scope, a service that approves.
std::string problem_of(const Token& token);

/// Every token that the workspace's log tells of, by name: a later one of the same name stands for
/// an earlier one that was revoked or ran out.
class Tokens {
 public:
  static constexpr std::size_t kMax = 1'000;

  /// Takes in one entry of the workspace's log; other kinds are passed over. What cannot be read
  /// is an error, and makes no token.
  Result<> apply(const journal::Entry& entry);

  /// Whose the text is: nullptr when nobody's that counts now. Every hash is compared, in constant
  /// time.
  const Token* find(std::string_view text, WallTime now) const;
  /// nullptr: there is none of that name.
  const Token* named(std::string_view name) const;
  /// In the order in which they were made.
  const std::vector<Token>& all() const { return all_; }

 private:
  Result<> make(const journal::Entry& entry);
  std::vector<Token> all_;
};

/// Who asks with it.
Principal principal_of(const Token& token);

}  // namespace muster::api
