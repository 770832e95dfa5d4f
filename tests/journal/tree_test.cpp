#include "journal/tree.hpp"

#include <string>
#include <vector>

#include "tests/catch.hpp"

using namespace muster;
using namespace muster::journal;

namespace {

/// RFC 6962, section 2.1, word by word: the definition that the incremental tree must agree with.
Digest defined_root(const std::vector<Digest>& leaves, std::size_t from, std::size_t to) {
  if (from == to) return sha256("");
  if (to - from == 1) return leaves[from];
  std::size_t k = 1;
  while (k * 2 < to - from) k *= 2;
  return node_hash(defined_root(leaves, from, from + k), defined_root(leaves, from + k, to));
}

}  // namespace

TEST_CASE("the tree's roots are those of the published vectors of RFC 6962 logs") {
  using namespace std::string_literals;
  struct Row {
    std::string leaf;
    const char* root;
  };
  const std::vector<Row> rows{
      {""s, "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"},
      {"\x00"s, "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"},
      {"\x10"s, "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77"},
      {"\x20\x21"s, "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7"},
      {"\x30\x31"s, "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4"},
      {"\x40\x41\x42\x43"s, "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef"},
      {"\x50\x51\x52\x53\x54\x55\x56\x57"s,
       "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c"},
      {"\x60\x61\x62\x63\x64\x65\x66\x67\x68\x69\x6a\x6b\x6c\x6d\x6e\x6f"s,
       "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"}};
  Tree tree;
  CHECK(hex(tree.root()) == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  for (const auto& row : rows) {
    tree.add(leaf_hash(row.leaf));
    CAPTURE(tree.size());
    CHECK(hex(tree.root()) == row.root);
  }
}

TEST_CASE("the incremental root is the defined root at every size") {
  Tree tree;
  std::vector<Digest> leaves;
  for (int i = 0; i < 130; ++i) {
    leaves.push_back(leaf_hash(std::to_string(i)));
    tree.add(leaves.back());
    CAPTURE(i);
    CHECK(tree.root() == defined_root(leaves, 0, leaves.size()));
  }
}
