#include "journal/proof.hpp"

#include <fmt/format.h>

#include <bit>

namespace muster::journal {
namespace {

using Leaves = std::span<const Digest>;

/// The left subtree's size: the largest power of two below `count`, which is above 1.
std::uint64_t left_of(std::uint64_t count) {
  return std::bit_floor(count - 1);
}

/// PATH of RFC 6962, from the top down; the caller turns it round.
void path(Leaves leaves, std::uint64_t index, Proof& down) {
  while (leaves.size() > 1) {
    const auto k = left_of(leaves.size());
    const bool left = index < k;
    down.push_back(root_of(left ? leaves.subspan(k) : leaves.first(k)));
    leaves = left ? leaves.first(k) : leaves.subspan(k);
    if (!left) index -= k;
  }
}

/// SUBPROOF of RFC 6962, from the top down. `whole`: the older tree is the root that the checker
/// has.
void subproof(Leaves leaves, std::uint64_t old_size, Proof& down) {
  bool whole = true;
  while (old_size < leaves.size()) {
    const auto k = left_of(leaves.size());
    if (old_size <= k) {
      down.push_back(root_of(leaves.subspan(k)));
      leaves = leaves.first(k);
    } else {
      down.push_back(root_of(leaves.first(k)));
      leaves = leaves.subspan(k);
      old_size -= k;
      whole = false;
    }
  }
  if (!whole) down.push_back(root_of(leaves));
}

Error wrong_length() {
  return Error{"the proof has not as many hashes as these sizes need"};
}

}  // namespace

Digest root_of(Leaves leaves) {
  Tree tree;
  for (const auto& leaf : leaves) tree.add(leaf);
  return tree.root();
}

std::vector<Digest> roots_at(Leaves leaves, std::span<const std::uint64_t> sizes) {
  std::vector<Digest> roots;
  Tree tree;
  for (const auto size : sizes) {
    while (tree.size() < size && tree.size() < leaves.size()) tree.add(leaves[tree.size()]);
    roots.push_back(tree.root());
  }
  return roots;
}

Result<Proof> inclusion_proof(Leaves leaves, std::uint64_t index) {
  if (index >= leaves.size())
    return Error{fmt::format("there is no entry {} among {}", index, leaves.size())};
  Proof proof;
  path(leaves, index, proof);
  return Proof(proof.rbegin(), proof.rend());
}

Result<Proof> consistency_proof(Leaves leaves, std::uint64_t old_size) {
  if (old_size == 0 || old_size > leaves.size())
    return Error{
        fmt::format("a log of {} entries has no beginning of {}", leaves.size(), old_size)};
  Proof proof;
  subproof(leaves, old_size, proof);
  return Proof(proof.rbegin(), proof.rend());
}

// RFC 9162, section 2.1.3.2.
Result<> check_inclusion(const Proof& proof, const Digest& leaf, std::uint64_t index,
                         const TreeHead& head) {
  if (index >= head.size)
    return Error{fmt::format("there is no entry {} among {}", index, head.size)};
  std::uint64_t fn = index, sn = head.size - 1;
  Digest r = leaf;
  for (const auto& p : proof) {
    if (sn == 0) return wrong_length();
    if ((fn & 1) || fn == sn) {
      r = node_hash(p, r);
      while (!(fn & 1) && fn != 0) fn >>= 1, sn >>= 1;
    } else {
      r = node_hash(r, p);
    }
    fn >>= 1, sn >>= 1;
  }
  if (sn != 0) return wrong_length();
  if (r != head.root)
    return Error{fmt::format("the proof leads to another root: this is not entry {}", index)};
  return {};
}

// RFC 9162, section 2.1.4.2.
Result<> check_consistency(const Proof& proof, const TreeHead& older, const TreeHead& newer) {
  if (older.size > newer.size)
    return Error{fmt::format("the later log has {} entries, the earlier one {}: it was cut off",
                             newer.size, older.size)};
  if (older.size == 0 || older.size == newer.size) {
    if (!proof.empty()) return wrong_length();
    if (older.size == newer.size ? older.root != newer.root : older.root != Tree{}.root())
      return Error{"two logs of one size have different roots: the log was forked"};
    return {};
  }
  std::uint64_t fn = older.size - 1, sn = newer.size - 1;
  while (fn & 1) fn >>= 1, sn >>= 1;
  auto next = proof.begin();
  // A power of two is a whole subtree: its root is the first hash, and need not be sent.
  const bool sent = !std::has_single_bit(older.size);
  if (sent && next == proof.end()) return wrong_length();
  Digest fr = sent ? *next++ : older.root;
  Digest sr = fr;
  for (; next != proof.end(); ++next) {
    if (sn == 0) return wrong_length();
    if ((fn & 1) || fn == sn) {
      fr = node_hash(*next, fr);
      sr = node_hash(*next, sr);
      while (!(fn & 1) && fn != 0) fn >>= 1, sn >>= 1;
    } else {
      sr = node_hash(sr, *next);
    }
    fn >>= 1, sn >>= 1;
  }
  if (sn != 0) return wrong_length();
  if (fr != older.root) return Error{"the proof does not lead to the earlier root"};
  if (sr != newer.root)
    return Error{"the proof does not lead to the later root: the log was forked"};
  return {};
}

}  // namespace muster::journal
