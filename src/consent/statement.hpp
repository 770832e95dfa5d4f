// What a person signs: one line of canonical JSON that says who says what, when, and about which
// plan or run; with a nonce, so that the same words are never signed twice. The bytes are signed
// and stored as they are; they are read back, never written anew. Pure.
#pragma once
#include <string>
#include <string_view>

#include "base/json.hpp"
#include "base/result.hpp"
#include "base/time.hpp"

namespace muster::consent {

/// The namespace of `ssh-keygen -Y sign`: a signature for something else (git, mail) is none here.
inline constexpr std::string_view kNamespace = "muster-v1";
inline constexpr std::size_t kStatementBytesMax = 12'000;  ///< escaped once more it fits an entry
inline constexpr std::size_t kSignatureBytesMax = 8'000;   ///< RSA of 16,384 bits has 3,500
inline constexpr std::size_t kNoteBytesMax = 200;

struct Statement {
  enum class What {
    approval,    ///< this plan may be run, until `expires`
    withdrawal,  ///< what I approved of this plan I take back
    start,       ///< I start a run of this plan
    request      ///< this is asked of a live run
  } what = What::approval;
  std::string person;  ///< id of people.yaml
  WallTime at{};
  std::string nonce;  ///< 32 hex digits
  std::string store;  ///< the record that it is for: it means nothing to another one
  // All but request:
  std::string drill;
  std::string plan;  ///< content hash, hex
  // approval:
  WallTime expires{};
  std::string note;  ///< may be empty
  // request:
  std::string target;  ///< "POST /v1/runs/…": names the run
  Json body;           ///< an object, without the signature
};

/// The bytes that are signed. An error: the body has no canonical form, or it is too long.
Result<std::string> text_of(const Statement& statement);
/// Strict: an unknown field, a missing one, or other spelling than text_of's is an error.
Result<Statement> read_statement(std::string_view text);

}  // namespace muster::consent
