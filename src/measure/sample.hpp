// One question to a service and what became of it, and the bytes in which samples are kept as
// evidence.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "base/time.hpp"

namespace muster::measure {

/// ok: answered well. failed: answered badly, or refused. unknown: no answer within the timeout;
/// for a write this means that it may or may not have been done.
enum class Outcome { ok, failed, unknown };

std::string_view name(Outcome o);

/// A probe, or an acknowledged write of the ledger: they are the same thing, since the writer asks
/// through the clients' own door. Instants are the controller's.
struct Sample {
  std::uint64_t n =
      0;  // from 1, in the order of sending, without holes; a probe that did not run has none
  Instant due{};  // when the rhythm wanted it
  Instant sent{};
  Instant completed{};  // answered or given up; not before `sent`
  Outcome outcome = Outcome::unknown;
  std::string why;  // a few words, may be empty
  bool operator==(const Sample&) const = default;
};

/// A time in which no probe ran: neither success nor failure, it only widens what is reported.
struct Gap {
  Instant from{};   // the last probe before it was sent
  Instant until{};  // the first probe after it was sent
  std::uint64_t before_n = 0;
  std::uint64_t after_n = 0;
  bool operator==(const Gap&) const = default;
};

inline constexpr std::size_t kWhyBytesMax = 120;
inline constexpr std::size_t kEncodedBytesMax = 16u << 20;

/// The canonical bytes: a header line, then a line a sample, by ascending n, which awk reads:
///   # muster samples 1: n due_ns sent_ns completed_ns outcome why
///   17 5200000000 5200013000 5200941000 ok
/// `why` is made printable, put on one line and cut at kWhyBytesMax. Samples may come in any order;
/// of several with the same n the first is kept.
std::string encode_samples(std::vector<Sample> samples);

/// Reads exactly what encode_samples writes and refuses every other byte, naming the line.
Result<std::vector<Sample>> decode_samples(std::string_view bytes);

/// Ascending by n, each n once (blobs may be read twice, and concurrent probes end out of order).
std::vector<Sample> in_order(std::vector<Sample> samples);

}  // namespace muster::measure
