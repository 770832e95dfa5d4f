// What a person signed with their SSH key: the exact text, and the signature over it (SSHSIG, as
// `ssh-keygen -Y sign` makes it). Both stand in the entry that they brought about, so that a
// stranger verifies them years later with ssh-keygen alone (docs/policy.md).
#pragma once
#include <string>
#include <string_view>

#include "base/json.hpp"

namespace muster::journal {

/// The assurance of an actor who signed, and how they were established. docs/people.md.
inline constexpr std::string_view kSignedKey = "signed-key";
inline constexpr std::string_view kBySignature = "signature";

struct SignedText {
  std::string text;
  std::string signature;   ///< armoured: "-----BEGIN SSH SIGNATURE-----…"
  std::string carried_by;  ///< principal of who brought it, as the kernel tells; "": not told
  bool empty() const { return signature.empty(); }
};

/// Adds `signed`, `signature` and `carried_by` to an entry's data; nothing when there is none.
inline void put(Json& data, const SignedText& by) {
  if (by.empty()) return;
  data["signed"] = by.text;
  data["signature"] = by.signature;
  if (!by.carried_by.empty()) data["carried_by"] = by.carried_by;
}

}  // namespace muster::journal
