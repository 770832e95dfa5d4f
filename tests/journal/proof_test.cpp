#include "journal/proof.hpp"

#include <string>

#include "tests/catch.hpp"

using namespace muster;
using namespace muster::journal;
using namespace std::string_literals;

namespace {

using Leaves = std::vector<Digest>;

Leaves some(std::size_t count) {
  Leaves leaves;
  for (std::size_t i = 0; i < count; ++i) leaves.push_back(leaf_hash(std::to_string(i)));
  return leaves;
}

// The definitions of RFC 6962, section 2.1, word by word on copied lists: slow, and plainly right.
// What proof.cpp makes and checks is held against them.
std::size_t split_of(std::size_t n) {
  std::size_t k = 1;
  while (k * 2 < n) k *= 2;
  return k;
}
Leaves part(const Leaves& d, std::size_t from, std::size_t to) {
  return {d.begin() + static_cast<long>(from), d.begin() + static_cast<long>(to)};
}
Digest mth(const Leaves& d) {
  if (d.empty()) return sha256("");
  if (d.size() == 1) return d[0];
  const auto k = split_of(d.size());
  return node_hash(mth(part(d, 0, k)), mth(part(d, k, d.size())));
}
Proof with(Proof list, const Digest& last) {
  list.push_back(last);
  return list;
}
Proof path(std::size_t m, const Leaves& d) {
  if (d.size() == 1) return {};
  const auto k = split_of(d.size());
  const auto left = part(d, 0, k), right = part(d, k, d.size());
  return m < k ? with(path(m, left), mth(right)) : with(path(m - k, right), mth(left));
}
Proof subproof(std::size_t m, const Leaves& d, bool whole) {
  if (m == d.size()) return whole ? Proof{} : Proof{mth(d)};
  const auto k = split_of(d.size());
  const auto left = part(d, 0, k), right = part(d, k, d.size());
  return m <= k ? with(subproof(m, left, whole), mth(right))
                : with(subproof(m - k, right, false), mth(left));
}

Digest flipped(Digest d) {
  d.bytes[7] ^= 1;
  return d;
}

/// Every way to spoil a proof a little.
std::vector<Proof> spoilt(const Proof& good) {
  std::vector<Proof> out;
  for (std::size_t i = 0; i < good.size(); ++i) {
    Proof bad = good;
    bad[i] = flipped(bad[i]);
    out.push_back(bad);
    bad = good;
    bad.erase(bad.begin() + static_cast<long>(i));
    out.push_back(bad);
  }
  out.push_back(with(good, Digest{}));
  if (!good.empty()) out.push_back(with(good, good.back()));
  return out;
}

/// All of them up to where two levels of tiles begin, and the odd places around it.
std::vector<std::size_t> sizes() {
  std::vector<std::size_t> out;
  for (std::size_t n = 1; n <= 40; ++n) out.push_back(n);
  for (std::size_t n : {127, 128, 129, 255, 256, 257, 300}) out.push_back(n);
  return out;
}

std::vector<std::string> hexes(const Proof& proof) {
  std::vector<std::string> out;
  for (const auto& h : proof) out.push_back(hex(h));
  return out;
}

}  // namespace

TEST_CASE("proofs of inclusion are those of RFC 6962's definition, and prove their entry alone") {
  const auto all = some(300);
  for (const auto n : sizes()) {
    const auto leaves = part(all, 0, n);
    const TreeHead head{n, mth(leaves)};
    CAPTURE(n);
    REQUIRE(root_of(leaves) == head.root);
    for (std::size_t m = 0; m < n; ++m) {
      CAPTURE(m);
      const auto proof = *inclusion_proof(leaves, m);
      REQUIRE(proof == path(m, leaves));
      REQUIRE(check_inclusion(proof, leaves[m], m, head).has_value());
      REQUIRE_FALSE(check_inclusion(proof, flipped(leaves[m]), m, head).has_value());
      REQUIRE_FALSE(check_inclusion(proof, leaves[m], m, {n, flipped(head.root)}).has_value());
      if (n > 1) REQUIRE_FALSE(check_inclusion(proof, leaves[m], (m + 1) % n, head).has_value());
      if (n <= 40)
        for (const auto& bad : spoilt(proof))
          REQUIRE_FALSE(check_inclusion(bad, leaves[m], m, head).has_value());
    }
    CHECK_FALSE(inclusion_proof(leaves, n).has_value());
    CHECK_FALSE(check_inclusion({}, leaves[0], n, head).has_value());
  }
}

TEST_CASE("proofs of consistency are those of RFC 6962's definition, and prove one history") {
  const auto all = some(300);
  for (const auto n : sizes()) {
    const auto leaves = part(all, 0, n);
    const TreeHead newer{n, mth(leaves)};
    CAPTURE(n);
    for (std::size_t m = 1; m <= n; ++m) {
      CAPTURE(m);
      const TreeHead older{m, mth(part(all, 0, m))};
      const auto proof = *consistency_proof(leaves, m);
      REQUIRE(proof == subproof(m, leaves, true));
      REQUIRE(check_consistency(proof, older, newer).has_value());
      REQUIRE_FALSE(check_consistency(proof, {m, flipped(older.root)}, newer).has_value());
      REQUIRE_FALSE(check_consistency(proof, older, {n, flipped(newer.root)}).has_value());
      if (n <= 40)
        for (const auto& bad : spoilt(proof))
          REQUIRE_FALSE(check_consistency(bad, older, newer).has_value());
    }
    CHECK_FALSE(consistency_proof(leaves, 0).has_value());
    CHECK_FALSE(consistency_proof(leaves, n + 1).has_value());
    CHECK(check_consistency({}, {0, sha256("")}, newer).has_value());
    CHECK_FALSE(check_consistency({}, {n + 1, newer.root}, newer).has_value());
  }
  CHECK_FALSE(check_consistency({}, {0, Digest{}}, {3, mth(some(3))}).has_value());
}

TEST_CASE("the published proofs over RFC 6962's eight leaves") {
  Leaves leaves;
  for (const auto& leaf : {""s, "\x00"s, "\x10"s, "\x20\x21"s, "\x30\x31"s, "\x40\x41\x42\x43"s,
                           "\x50\x51\x52\x53\x54\x55\x56\x57"s,
                           "\x60\x61\x62\x63\x64\x65\x66\x67\x68\x69\x6a\x6b\x6c\x6d\x6e\x6f"s})
    leaves.push_back(leaf_hash(leaf));
  const auto first = [&](std::size_t n) { return part(leaves, 0, n); };
  const char* const l1 = "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7";
  const char* const n23 = "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e";
  const char* const n47 = "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4";
  const char* const l4 = "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b";
  const char* const n67 = "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0";
  const char* const n03 = "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7";
  const char* const n01 = "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125";
  const char* const l0 = "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d";
  const char* const n45 = "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a";
  using Words = std::vector<std::string>;
  CHECK(hexes(*inclusion_proof(first(1), 0)).empty());
  CHECK(hexes(*inclusion_proof(first(8), 0)) == Words{l1, n23, n47});
  CHECK(hexes(*inclusion_proof(first(8), 5)) == Words{l4, n67, n03});
  CHECK(hexes(*inclusion_proof(first(3), 2)) == Words{n01});
  CHECK(hexes(*inclusion_proof(first(5), 1)) == Words{l0, n23, l4});
  CHECK(hexes(*consistency_proof(first(1), 1)).empty());
  CHECK(hexes(*consistency_proof(first(8), 1)) == Words{l1, n23, n47});
  CHECK(hexes(*consistency_proof(first(8), 6)) == Words{n45, n67, n03});
  CHECK(hexes(*consistency_proof(first(5), 2)) == Words{n23, l4});
}

TEST_CASE("roots at several sizes come from one walk") {
  const auto leaves = some(300);
  const std::vector<std::uint64_t> at{0, 1, 1, 5, 256, 257, 300};
  const auto roots = roots_at(leaves, at);
  for (std::size_t i = 0; i < at.size(); ++i) CHECK(roots[i] == mth(part(leaves, 0, at[i])));
}
