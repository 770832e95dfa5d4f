#include "measure/ledger.hpp"

#include <algorithm>

namespace muster::measure {
namespace {

struct Axis {
  Moment disruption;
  /// Surely before: a write between the two ends may already have reached the recovered instance.
  bool before(const Sample& w) const {
    if (disruption.lo) return w.sent <= *disruption.lo;
    return !disruption.hi || w.sent <= *disruption.hi;
  }
  bool after(const Sample& w) const { return disruption.hi && w.sent > *disruption.hi; }
};

void classify(LedgerResult& r, const std::vector<Sample>& writes, const Survivors& survivors,
              const Axis& axis) {
  for (const auto& w : writes) {
    const bool acknowledged = w.outcome == Outcome::ok;
    r.acknowledged += acknowledged;
    r.acknowledged_before += acknowledged && axis.before(w);
    if (survivors.contains(w.n)) {
      if (w.outcome == Outcome::unknown) r.recovered.push_back(w.n);
      if (w.outcome == Outcome::failed) r.unexpected.push_back(w.n);
    } else if (acknowledged) {
      r.lost.push_back(w.n);
      if (axis.after(w)) r.lost_after.push_back(w.n);
    }
  }
  auto write = writes.begin();
  for (const auto& [n, s] : survivors) {
    if (s.count > 1) r.duplicated.push_back(n);
    if (!s.mac_ok) r.corrupt.push_back(n);
    while (write != writes.end() && write->n < n) ++write;
    if (write == writes.end() || write->n != n) r.unledgered.push_back(n);
  }
}

/// Lost writes that were acknowledged before a survivor of the same time was sent. Writes from the
/// disruption on are on the recovered instance and make no holes; nor does one whose answer never
/// came, since it may have been done by the recovered instance, late.
void find_holes(LedgerResult& r, const std::vector<Sample>& writes, const Survivors& survivors,
                const Axis& axis) {
  std::vector<const Sample*> kept;
  for (const auto& w : writes)
    if (w.outcome == Outcome::ok && axis.before(w) && survivors.contains(w.n)) kept.push_back(&w);
  std::stable_sort(kept.begin(), kept.end(),
                   [](const Sample* a, const Sample* b) { return a->sent < b->sent; });
  for (const auto& w : writes) {
    if (w.outcome != Outcome::ok || survivors.contains(w.n)) continue;
    const auto later = std::upper_bound(kept.begin(), kept.end(), w.completed,
                                        [](Instant t, const Sample* k) { return t < k->sent; });
    if (later != kept.end()) r.holes.push_back({w.n, (*later)->n});
  }
}

void find_recovery_point(LedgerResult& r, const std::vector<Sample>& writes,
                         const Survivors& survivors, const Axis& axis) {
  const auto intact = [&](const Sample& w) {
    const auto s = survivors.find(w.n);
    return s != survivors.end() && s->second.mac_ok;
  };
  const Sample* last_survivor = nullptr;
  bool any_survivor = false;
  for (const auto& w : writes) {
    if (axis.after(w)) continue;
    const bool lost = w.outcome == Outcome::ok && !survivors.contains(w.n);
    if (lost && !r.recovery_point.hi) {
      r.recovery_point.hi = w.completed;
      r.recovery_point.hi_n = w.n;
    }
    if (!intact(w) || !axis.before(w)) continue;
    any_survivor = true;
    if (!r.recovery_point.hi) last_survivor = &w;
  }
  if (last_survivor) {
    r.recovery_point.lo = last_survivor->sent;
    r.recovery_point.lo_n = last_survivor->n;
  }
  if (!r.recovery_point.hi)
    r.what = LedgerCase::nothing_lost;
  else
    r.what = any_survivor ? LedgerCase::some_lost : LedgerCase::nothing_survived;
  r.rpa = between(r.recovery_point, axis.disruption);
}

}  // namespace

LedgerResult settle_ledger(std::vector<Sample> unordered, const Survivors& survivors,
                           const Moment& disruption) {
  const auto writes = in_order(std::move(unordered));
  const Axis axis{disruption};
  LedgerResult r;
  r.writes = writes.size();
  classify(r, writes, survivors, axis);
  find_holes(r, writes, survivors, axis);
  if (r.acknowledged_before > 0) find_recovery_point(r, writes, survivors, axis);
  return r;
}

}  // namespace muster::measure
