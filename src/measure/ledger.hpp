// What became of the acknowledged writes: which were lost, and to which moment the data came back
// (RPA). Source: reference/measurement, "RPA by acknowledged-write ledger". Pure. The writes are
// samples: their n is what was written, `ok` is acknowledged, `unknown` may or may not have been
// done.
#pragma once
#include <map>
#include <optional>
#include <vector>

#include "measure/interval.hpp"
#include "measure/sample.hpp"

namespace muster::measure {

/// How one n was found when the ledger was read back, after the recovered instance was writable.
struct Survivor {
  std::uint64_t count = 1;
  bool mac_ok = true;
};
using Survivors = std::map<std::uint64_t, Survivor>;

/// `lost_n` was acknowledged before `survivor_n` was sent, and only the later one survived: no
/// moment in time explains that, so it is a failure of consistency. Writes that overlapped make no
/// hole.
struct Hole {
  std::uint64_t lost_n = 0;
  std::uint64_t survivor_n = 0;
  bool operator==(const Hole&) const = default;
};

enum class LedgerCase {
  nothing_acknowledged,  // before the disruption: nothing can be said
  nothing_lost,
  nothing_survived,  // of what was written before the disruption
  some_lost,
};

struct LedgerResult {
  LedgerCase what = LedgerCase::nothing_acknowledged;
  std::uint64_t writes = 0;
  std::uint64_t acknowledged = 0;
  std::uint64_t acknowledged_before = 0;  // sent before the disruption

  std::vector<std::uint64_t> lost;        // ok and not read back
  std::vector<std::uint64_t> recovered;   // unknown and read back
  std::vector<std::uint64_t> unexpected;  // failed and read back
  std::vector<std::uint64_t> duplicated;  // read back more than once
  std::vector<std::uint64_t> corrupt;     // read back with a wrong HMAC
  std::vector<std::uint64_t> unledgered;  // read back and never written by this ledger

  std::vector<Hole> holes;  // one for each lost write that has one; the first survivor after it
  std::vector<std::uint64_t>
      lost_after;  // of `lost`: sent after the disruption, which no recovery point explains

  /// [s_L, c_n*]: lo_n is L, the last survivor before the first loss; hi_n is n*, the first lost
  /// one. Nothing lost: only lo, the last survivor before the disruption.
  Moment recovery_point;
  /// From the recovery point to the disruption; absent when nothing was acknowledged before it.
  std::optional<Interval> rpa;

  /// False: the data contradicts itself, and no recovery point describes it.
  bool consistent() const {
    return holes.empty() && lost_after.empty() && duplicated.empty() && corrupt.empty();
  }
};

/// `disruption` is F: F_outage when the service was lost, else F_inject, or the cut-off of a
/// restore test (both ends the same). A write counts as before it when it was sent no later than
/// its earliest instant.
LedgerResult settle_ledger(std::vector<Sample> writes, const Survivors& survivors,
                           const Moment& disruption);

}  // namespace muster::measure
