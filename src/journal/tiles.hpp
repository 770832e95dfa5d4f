// A log as static files that anybody can serve, mirror and verify: C2SP tlog-tiles. `tile/<L>/<N>`
// holds 256 hashes of level 8L, `tile/entries/<N>` 256 entries, each behind its length as a
// big-endian uint16; the last of each may hold fewer and is then called `….p/<W>`. N is written
// x001/x234/067. Pure: entries in, files out.
#pragma once
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/digest.hpp"

namespace muster::journal {

inline constexpr std::size_t kTileWidth = 256;

/// `width`: 1 to 256.
std::string tile_path(unsigned level, std::uint64_t n, std::size_t width);
std::string bundle_path(std::uint64_t n, std::size_t width);

class Tiles {
 public:
  /// Gets each file once, as soon as nothing can be added to it; partial ones at finish().
  using Write = std::function<void(const std::string& path, const std::string& bytes)>;
  explicit Tiles(Write write) : write_(std::move(write)) {}

  /// The next entry: at most 65,535 bytes, as every entry of a log.
  void add(std::string_view entry);
  /// The tree ends here.
  void finish();

 private:
  void add_hash(std::size_t level, const Digest& hash);

  struct Level {
    std::vector<Digest> hashes;  ///< of the tile that is being filled
    std::uint64_t n = 0;         ///< which one that is
  };
  Write write_;
  std::vector<Level> levels_;
  std::string bundle_;
  std::size_t bundled_ = 0;
  std::uint64_t bundle_n_ = 0;
};

}  // namespace muster::journal
