// A run's log whose entries were removed on purpose: what of it can still be held against what
// others say. Size and root stand in the workspace log; a checkpoint over all of it must agree, an
// earlier one cannot be judged any more. Pure. The words are those of verify.hpp's Verifier.
#pragma once
#include <optional>
#include <vector>

#include "journal/verify.hpp"

namespace muster::journal {

class PrunedVerifier {
 public:
  /// As the declaration says: size and root of the log when its entries were removed.
  explicit PrunedVerifier(TreeHead head) : head_{head} {}
  void claim(Claim claim) { claims_.push_back(std::move(claim)); }
  void found(Damage damage, std::uint64_t seq, std::string text);
  /// `tip`: what the store says, if it was asked. `size` of the answer is the declared one.
  Verified finish(std::optional<ports::Tip> tip = {});

 private:
  TreeHead head_;
  std::vector<Claim> claims_;
  Verified result_;
};

}  // namespace muster::journal
