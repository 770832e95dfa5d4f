#include "journal/tree.hpp"

#include <string>

namespace muster::journal {

Digest node_hash(const Digest& left, const Digest& right) {
  std::string bytes(1, '\x01');
  bytes += view(left);
  bytes += view(right);
  return sha256(bytes);
}

void Tree::add(const Digest& leaf) {
  Digest whole = leaf;
  // Like adding one to a binary number: two perfect trees of one size become one of the next.
  for (std::uint64_t carry = size_; carry & 1; carry >>= 1) {
    whole = node_hash(perfect_.back(), whole);
    perfect_.pop_back();
  }
  perfect_.push_back(whole);
  ++size_;
}

Digest Tree::root() const {
  if (perfect_.empty()) return sha256("");
  Digest right = perfect_.back();
  for (auto left = perfect_.rbegin() + 1; left != perfect_.rend(); ++left)
    right = node_hash(*left, right);
  return right;
}

}  // namespace muster::journal
