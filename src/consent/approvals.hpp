// The approvals that a workspace's log holds, folded from its entries. Whether their signatures are
// good is asked of whoever can tell (ports/signatures.hpp), each time they are to count.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "consent/statement.hpp"
#include "journal/entry.hpp"
#include "journal/signed_text.hpp"

namespace muster::consent {

struct Approval {
  std::uint64_t seq = 0;  ///< of its entry in the workspace's log
  Statement said;
  journal::SignedText proof;
  bool withdrawn = false;
};

class Approvals {
 public:
  /// The next entry of the workspace's log; other kinds are passed over. A withdrawal takes back
  /// everything that the same person approved of that plan before it. It counts without a look at
  /// its signature: in doubt nothing is approved.
  void add(const journal::Entry& entry);
  const std::vector<Approval>& all() const { return all_; }
  /// Those of one plan.
  std::vector<Approval> of(std::string_view plan) const;
  /// The nonce stands in an entry already: what carries it is a copy, and counts for nothing.
  bool has_seen(std::string_view nonce) const;

 private:
  std::vector<Approval> all_;
  std::vector<std::string> nonces_;
};

/// The entry that records an approval or a withdrawal, which was verified.
journal::Draft draft_of(const Statement& said, const journal::SignedText& proof);

/// Who signed, as an actor: "person:ana", signature, signed-key.
journal::Actor actor_of(const std::string& person);

}  // namespace muster::consent
