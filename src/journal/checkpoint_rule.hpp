// When a log is signed anew: every 256 entries, and 60 seconds after the first one that is not
// signed yet. Pure: told what happened, it says when. (At the end of a run whoever drives it signs
// without asking.)
#pragma once
#include <cstdint>
#include <optional>

#include "base/time.hpp"

namespace muster::journal {

class CheckpointRule {
 public:
  static constexpr std::uint64_t kEntriesMax = 256;
  static constexpr Duration kAgeMax = std::chrono::seconds{60};

  /// So many entries became durable.
  void appended(std::uint64_t count, Instant now) {
    if (unsigned_ == 0 && count > 0) dirty_since_ = now;
    unsigned_ += count;
  }
  /// All entries so far are signed, or about to be.
  void begun() { unsigned_ = 0; }

  bool due(Instant now) const {
    return unsigned_ >= kEntriesMax || (unsigned_ > 0 && now - dirty_since_ >= kAgeMax);
  }
  /// When it is due at the latest; nullopt while nothing is unsigned.
  std::optional<Instant> wake() const {
    if (unsigned_ == 0) return std::nullopt;
    return dirty_since_ + kAgeMax;
  }

 private:
  std::uint64_t unsigned_ = 0;
  Instant dirty_since_{};
};

}  // namespace muster::journal
