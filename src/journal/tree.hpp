// The Merkle tree over a log's entries, as RFC 6962 and C2SP tlog-tiles define it: a log's size and
// root say in 40 bytes what the whole log holds.
#pragma once
#include <cstdint>
#include <vector>

#include "base/digest.hpp"
#include "ports/store.hpp"

namespace muster::journal {

using ports::leaf_hash;

/// All that a log of this size holds, in 40 bytes: what is signed, kept elsewhere and compared.
struct TreeHead {
  std::uint64_t size = 0;
  Digest root{};
  bool operator==(const TreeHead&) const = default;
};

/// SHA256(0x01 || left || right).
Digest node_hash(const Digest& left, const Digest& right);

/// Grows leaf by leaf; keeps only the roots of its perfect subtrees (at most 64).
class Tree {
 public:
  void add(const Digest& leaf);
  std::uint64_t size() const { return size_; }
  /// SHA256("") when empty.
  Digest root() const;

 private:
  std::uint64_t size_ = 0;
  std::vector<Digest> perfect_;  ///< of falling size: one for each bit that is set in size_
};

}  // namespace muster::journal
