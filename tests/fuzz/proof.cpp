// Proofs over a tree, and a log as tiles. The first two bytes say how many leaves and which one;
// the rest is a forged proof, 32 bytes a hash. The true proof holds, and no other one does.
#include <algorithm>

#include "journal/proof.hpp"
#include "journal/tiles.hpp"
#include "tests/fuzz/target.hpp"

namespace muster::fuzz {
namespace {

journal::Proof forged(std::string_view bytes) {
  journal::Proof proof;
  for (; bytes.size() >= 32; bytes.remove_prefix(32)) {
    Digest hash;
    std::copy_n(bytes.begin(), 32, hash.bytes.begin());
    proof.push_back(hash);
  }
  return proof;
}

void promise_tiles(std::string_view bytes) {
  std::size_t held = 0;
  journal::Tiles tiles{[&](const std::string& path, const std::string& file) {
    promise(path.starts_with("tile/"), "a tile lies elsewhere");
    if (path.starts_with("tile/entries/")) held += file.size();
  }};
  while (!bytes.empty()) {
    const auto size = std::min<std::size_t>(bytes.size(), 1 + static_cast<unsigned char>(bytes[0]));
    tiles.add(bytes.substr(0, size));
    held -= size + 2;
    bytes.remove_prefix(size);
  }
  tiles.finish();
  promise(held == 0, "bundles do not hold what was given");
}

}  // namespace

void proof(std::string_view bytes) {
  promise_tiles(bytes);
  if (bytes.size() < 2) return;
  const std::size_t count = 1 + static_cast<unsigned char>(bytes[0]) % 100;
  const std::size_t index = static_cast<unsigned char>(bytes[1]) % count;
  std::vector<Digest> leaves;
  for (std::size_t i = 0; i < count; ++i) leaves.push_back(journal::leaf_hash(std::to_string(i)));
  const journal::TreeHead head{count, journal::root_of(leaves)};
  const journal::TreeHead older{index, journal::root_of(std::span{leaves}.first(index))};
  const auto inclusion = journal::inclusion_proof(leaves, index);
  promise(inclusion && journal::check_inclusion(*inclusion, leaves[index], index, head),
          "a true proof does not hold");
  const auto stranger = forged(bytes.substr(2));
  promise(!journal::check_inclusion(stranger, leaves[index], index, head) || stranger == *inclusion,
          "a forged proof of an entry holds");
  if (index == 0) return;
  const auto consistency = journal::consistency_proof(leaves, index);
  promise(consistency && journal::check_consistency(*consistency, older, head),
          "a true proof of a beginning does not hold");
  promise(!journal::check_consistency(stranger, older, head) || stranger == *consistency,
          "a forged proof of a beginning holds");
}

}  // namespace muster::fuzz
