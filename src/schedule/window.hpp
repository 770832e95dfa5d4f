// Surprise: the time of a drill is drawn within a window, so that nobody picked it by hand, and
// anybody can check that afterwards (docs/schedule.md, "A surprise that can be checked"):
//
//   key        = HMAC-SHA-256(seed, "muster surprise 1\n" drill "\n" nominal "\n")
//   commitment = SHA-256(key)          journalled when the occurrence is announced, or before
//   offset     = the first 8 bytes of key, big-endian, modulo the permitted seconds
//
// The seed never leaves the state folder while it is in use; its SHA-256 is journalled when it is
// made, so that keys cannot be tried out. The key is revealed with the occurrence.
#pragma once
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/digest.hpp"
#include "base/time.hpp"
#include "schedule/local_time.hpp"

namespace muster::schedule {

/// `from` belongs to it, `to` does not.
struct Interval {
  WallTime from{}, to{};
  bool operator==(const Interval&) const = default;
  bool holds(WallTime at) const { return at >= from && at < to; }
};

/// Ascending, and none touches another.
std::vector<Interval> merged(std::vector<Interval> intervals);
/// What is left of `whole`; `taken` is merged.
std::vector<Interval> without(const Interval& whole, std::span<const Interval> taken);

/// Secret until the occurrence is over.
Digest surprise_key(std::string_view seed, std::string_view drill, LocalTime nominal);
/// What may be told of it beforehand.
Digest surprise_commitment(const Digest& key);
/// In whole seconds; nothing: less than a second is permitted. `permitted` is merged.
std::optional<WallTime> surprise_time(const Digest& key, std::span<const Interval> permitted);

/// What is journalled and revealed of one surprise.
struct Surprise {
  Digest commitment;
  Digest key;
  std::vector<Interval> permitted;
  WallTime planned{};
};
/// That the time follows from the key, and the key is the one that was committed to. An error says
/// which of them does not hold.
Result<> check_surprise(const Surprise& surprise);

}  // namespace muster::schedule
