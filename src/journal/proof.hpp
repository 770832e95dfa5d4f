// Proofs over the tree (RFC 6962, RFC 9162 section 2.1): that an entry is in a log of this size and
// root, and that a later log begins with all of an earlier one. They are what a reader needs who
// has one head and not the log. Pure; making one reads every leaf once, checking one needs some
// twenty hashes.
#pragma once
#include <cstdint>
#include <span>
#include <vector>

#include "base/result.hpp"
#include "journal/tree.hpp"

namespace muster::journal {

/// From the leaf (or the older tree) upwards.
using Proof = std::vector<Digest>;

/// Longer than any proof over 2^63 leaves.
inline constexpr std::size_t kProofHashesMax = 128;

/// MTH of RFC 6962: the root over these leaves; SHA256("") over none.
Digest root_of(std::span<const Digest> leaves);

/// Roots over the first `sizes[i]` leaves, for rising sizes, none above the number of leaves: one
/// walk for all of them.
std::vector<Digest> roots_at(std::span<const Digest> leaves, std::span<const std::uint64_t> sizes);

/// PATH(index, leaves); an error when there is no such leaf.
Result<Proof> inclusion_proof(std::span<const Digest> leaves, std::uint64_t index);

/// PROOF(old_size, leaves); empty when the sizes are equal. An error when old_size is 0 or above.
Result<Proof> consistency_proof(std::span<const Digest> leaves, std::uint64_t old_size);

/// Does `proof` show that `leaf` is entry `index` under `head`? The error says where it fails.
Result<> check_inclusion(const Proof& proof, const Digest& leaf, std::uint64_t index,
                         const TreeHead& head);

/// Does `proof` show that the log of `older` is the beginning of that of `newer`? An older log
/// without entries begins every log, and needs no proof.
Result<> check_consistency(const Proof& proof, const TreeHead& older, const TreeHead& newer);

}  // namespace muster::journal
