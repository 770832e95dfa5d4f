#include "journal/tiles.hpp"

#include <map>

#include "journal/proof.hpp"
#include "tests/catch.hpp"

using namespace muster;
using namespace muster::journal;

namespace {

std::string entry(std::uint64_t i) {
  return std::string(i % 700, 'x') + std::to_string(i);
}

std::map<std::string, std::string> tiles_of(std::uint64_t size) {
  std::map<std::string, std::string> files;
  Tiles tiles{[&](const std::string& path, const std::string& bytes) {
    REQUIRE(files.emplace(path, bytes).second);  // each file once
  }};
  for (std::uint64_t i = 0; i < size; ++i) tiles.add(entry(i));
  tiles.finish();
  return files;
}

/// The hash of `count` leaves of level 0 beginning at `from`, by the definition.
Digest subtree(std::uint64_t from, std::uint64_t count) {
  std::vector<Digest> leaves;
  for (std::uint64_t i = from; i < from + count; ++i) leaves.push_back(leaf_hash(entry(i)));
  return root_of(leaves);
}

}  // namespace

TEST_CASE("the names of tiles are those of tlog-tiles") {
  CHECK(tile_path(0, 0, 256) == "tile/0/000");
  CHECK(tile_path(1, 5, 1) == "tile/1/005.p/1");
  CHECK(tile_path(3, 1'234'067, 256) == "tile/3/x001/x234/067");
  CHECK(tile_path(0, 1'000, 17) == "tile/0/x001/000.p/17");
  CHECK(bundle_path(1'234'067, 256) == "tile/entries/x001/x234/067");
  CHECK(bundle_path(0, 255) == "tile/entries/000.p/255");
}

TEST_CASE("every tile of a tree is there, whole or partial, with the right hashes") {
  for (const std::uint64_t size : {0ull, 1ull, 255ull, 256ull, 257ull, 600ull, 65'536ull + 300}) {
    CAPTURE(size);
    const auto files = tiles_of(size);
    std::size_t expected = 0;
    std::uint64_t span = 1;
    for (unsigned level = 0; span <= size; ++level, span *= kTileWidth) {
      const auto hashes = size / span;
      for (std::uint64_t n = 0; n * kTileWidth < hashes; ++n, ++expected) {
        const auto width = std::min<std::uint64_t>(kTileWidth, hashes - n * kTileWidth);
        const auto file = files.find(tile_path(level, n, width));
        REQUIRE(file != files.end());
        REQUIRE(file->second.size() == width * 32);
        const auto last = n * kTileWidth + width - 1;
        CHECK(file->second.substr((width - 1) * 32) == view(subtree(last * span, span)));
      }
    }
    expected += (size + kTileWidth - 1) / kTileWidth;  // the bundles
    CHECK(files.size() == expected);
  }
}

TEST_CASE("a bundle holds its entries behind big-endian lengths") {
  const auto files = tiles_of(257);
  CHECK(files.at("tile/entries/001.p/1") == std::string("\x01\x03", 2) + entry(256));
  const auto& bundle = files.at("tile/entries/000");
  std::size_t at = 0;
  for (std::uint64_t i = 0; i < 256; ++i) {
    const std::size_t length = static_cast<unsigned char>(bundle.at(at)) * 256u +
                               static_cast<unsigned char>(bundle.at(at + 1));
    REQUIRE(bundle.substr(at + 2, length) == entry(i));
    at += 2 + length;
  }
  CHECK(at == bundle.size());
}
