#include "journal/tiles.hpp"

#include <fmt/format.h>

#include "journal/proof.hpp"

namespace muster::journal {
namespace {

std::string numbered(std::uint64_t n, std::size_t width) {
  std::string path = fmt::format("{:03}", n % 1000);
  for (n /= 1000; n > 0; n /= 1000) path = fmt::format("x{:03}/{}", n % 1000, path);
  if (width < kTileWidth) path += fmt::format(".p/{}", width);
  return path;
}

std::string bytes_of(const std::vector<Digest>& hashes) {
  std::string bytes;
  for (const auto& h : hashes) bytes += view(h);
  return bytes;
}

}  // namespace

std::string tile_path(unsigned level, std::uint64_t n, std::size_t width) {
  return fmt::format("tile/{}/{}", level, numbered(n, width));
}

std::string bundle_path(std::uint64_t n, std::size_t width) {
  return "tile/entries/" + numbered(n, width);
}

void Tiles::add(std::string_view entry) {
  bundle_ += static_cast<char>(entry.size() >> 8);
  bundle_ += static_cast<char>(entry.size() & 0xff);
  bundle_ += entry;
  if (++bundled_ == kTileWidth) {
    write_(bundle_path(bundle_n_++, kTileWidth), bundle_);
    bundle_.clear();
    bundled_ = 0;
  }
  add_hash(0, leaf_hash(entry));
}

void Tiles::add_hash(std::size_t level, const Digest& hash) {
  if (levels_.size() == level) levels_.emplace_back();
  auto& at = levels_[level];
  at.hashes.push_back(hash);
  if (at.hashes.size() < kTileWidth) return;
  write_(tile_path(static_cast<unsigned>(level), at.n++, kTileWidth), bytes_of(at.hashes));
  const Digest root = root_of(at.hashes);
  at.hashes.clear();
  add_hash(level + 1, root);
}

void Tiles::finish() {
  if (bundled_ > 0) write_(bundle_path(bundle_n_, bundled_), bundle_);
  for (std::size_t level = 0; level < levels_.size(); ++level)
    if (const auto& at = levels_[level]; !at.hashes.empty())
      write_(tile_path(static_cast<unsigned>(level), at.n, at.hashes.size()), bytes_of(at.hashes));
}

}  // namespace muster::journal
