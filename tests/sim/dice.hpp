// Chance from one seed: the same on every machine and with every standard library.
#pragma once
#include <cstdint>
#include <string>

#include "base/digest.hpp"
#include "base/time.hpp"

namespace muster::sim {

class Dice {
 public:
  explicit Dice(std::uint64_t seed) : state_{seed} {}

  std::uint64_t next() {  // splitmix64
    std::uint64_t z = (state_ += 0x9e3779b97f4a7c15ull);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ull;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebull;
    return z ^ (z >> 31);
  }
  /// 0 to n - 1.
  std::uint64_t below(std::uint64_t n) { return next() % n; }
  bool per_mille(unsigned share) { return below(1000) < share; }
  Duration between(Duration lo, Duration hi) {
    return lo + Duration{static_cast<std::int64_t>(
                    below(static_cast<std::uint64_t>((hi - lo).count()) + 1))};
  }
  /// 32 hex digits, as effects have.
  std::string id() {
    constexpr char digits[] = "0123456789abcdef";
    std::string out;
    for (int i = 0; i < 32; ++i) out += digits[below(16)];
    return out;
  }
  /// 32 bytes, as persons are salted with.
  Digest salt() {
    Digest out;
    for (auto& byte : out.bytes) byte = static_cast<std::uint8_t>(below(256));
    return out;
  }

 private:
  std::uint64_t state_;
};

}  // namespace muster::sim
