#include "measure/recovery.hpp"

#include <algorithm>

namespace muster::measure {
namespace {

/// The step that accounts for an outage that began within `onset`; null: none does.
const Declared* declaring_step(const RecoveryQuestion& question, const Moment& onset) {
  const Duration window = question.probing.up.window;
  for (const auto& d : question.declared) {
    const bool begins_in_time = !onset.hi || d.from <= *onset.hi;
    const bool ends_too_early = d.until && onset.lo && *d.until + window < *onset.lo;
    if (begins_in_time && !ends_too_early) return &d;
  }
  return nullptr;
}

bool surely_before(const Moment& event, const std::optional<Moment>& inject) {
  return inject && inject->lo && event.hi && *event.hi < *inject->lo;
}

std::vector<Outage> outages_of(const std::vector<Loss>& losses, const RecoveryQuestion& question) {
  std::vector<Outage> outages;
  bool drill_seen = false;
  for (const auto& loss : losses) {
    Outage o;
    o.onset = loss.onset;
    o.recovery = loss.recovery;
    o.length = between(loss.onset, loss.recovery);
    const Declared* step = declaring_step(question, loss.onset);
    o.declared = step != nullptr;
    if (step) {
      o.step = step->step;
      o.from_inject = between({step->from, step->confirmed, 0, 0}, loss.recovery);
    }
    if (surely_before(loss.onset, question.inject)) {
      o.kind = OutageKind::before;
    } else if (o.declared && !drill_seen) {
      o.kind = OutageKind::drill;
      drill_seen = true;
      if (question.inject) o.from_inject = between(*question.inject, loss.recovery);
    }
    outages.push_back(std::move(o));
  }
  return outages;
}

/// Down, or not known to be up, when the fault was put in.
bool was_down_at_inject(const std::vector<Outage>& outages, const std::optional<Moment>& inject) {
  if (!inject || !inject->lo) return false;
  return std::any_of(outages.begin(), outages.end(), [&](const Outage& o) {
    if (o.kind == OutageKind::before) return !o.recovery.hi || *o.recovery.hi > *inject->lo;
    return o.kind == OutageKind::drill && !o.onset.lo;
  });
}

Duration longest_unseen(const std::vector<Sample>& samples, const std::optional<Moment>& inject) {
  if (samples.empty()) return {};
  const Instant begin = inject && inject->lo ? *inject->lo : samples.front().sent;
  Duration longest{};
  Instant good_since = begin;  // the last good one may have been answered as early as this
  for (const auto& s : samples) {
    const bool last = &s == &samples.back();
    if (s.outcome == Outcome::ok || last) longest = std::max(longest, s.completed - good_since);
    if (s.outcome == Outcome::ok) good_since = std::max(begin, s.sent);
  }
  return longest;
}

void note_quality(Recovery& r, const std::vector<Sample>& samples,
                  const std::optional<Moment>& inject) {
  const auto index = [&](auto&& past) {
    return static_cast<std::size_t>(std::find_if(samples.begin(), samples.end(), past) -
                                    samples.begin());
  };
  std::size_t begin = samples.size();
  std::size_t end = samples.size();
  if (r.drill) {
    const Outage& o = r.outages[*r.drill];
    begin = index([&](const Sample& s) { return s.n >= o.onset.hi_n; });
    if (o.recovered()) end = index([&](const Sample& s) { return s.n >= o.recovery.hi_n; });
  }
  if (inject && inject->lo) {
    begin = std::min(begin, index([&](const Sample& s) { return s.sent >= *inject->lo; }));
    if (!r.drill) end = begin;  // never down: what follows the fault is all "after"
  }
  r.before = quality(samples, 0, begin);
  r.during = quality(samples, begin, end);
  r.after = quality(samples, end, samples.size());
}

}  // namespace

Quality quality(const std::vector<Sample>& samples, std::size_t from, std::size_t to) {
  Quality q;
  std::vector<Duration> latencies;
  for (std::size_t i = from; i < to; ++i) {
    const Sample& s = samples[i];
    ++q.probes;
    if (s.outcome == Outcome::ok) latencies.push_back(s.completed - s.sent);
    if (s.outcome == Outcome::failed) ++q.failed;
    if (s.outcome == Outcome::unknown) ++q.unanswered;
  }
  q.good = latencies.size();
  if (latencies.empty()) return q;
  std::sort(latencies.begin(), latencies.end());
  const auto rank = [&](std::size_t percent) {
    return latencies[(latencies.size() * percent + 99) / 100 - 1];
  };
  q.p50 = rank(50);
  q.p95 = rank(95);
  q.p99 = rank(99);
  q.max = latencies.back();
  return q;
}

Recovery measure_recovery(std::vector<Sample> unordered, const RecoveryQuestion& question) {
  const auto samples = in_order(std::move(unordered));
  ServiceTracker tracker{question.probing};
  for (const auto& s : samples) tracker.feed(s);

  Recovery r;
  r.probes = samples.size();
  if (!samples.empty()) r.at_end = tracker.state(samples.back().sent);
  r.outages = outages_of(tracker.losses(), question);
  r.down_total.hi = Duration::zero();
  for (std::size_t i = 0; i < r.outages.size(); ++i) {
    if (r.outages[i].kind == OutageKind::drill) r.drill = i;
    if (r.outages[i].kind != OutageKind::before) r.down_total = r.down_total + r.outages[i].length;
  }
  if (r.drill) {
    const Outage& o = r.outages[*r.drill];
    r.rta_from_outage = o.length;
    if (question.inject) {
      r.rta_from_inject = o.from_inject;
      r.inject_to_outage = between(*question.inject, o.onset);
    }
  }
  r.down_at_inject = was_down_at_inject(r.outages, question.inject);
  r.gaps = tracker.gaps();
  r.longest_unseen = longest_unseen(samples, question.inject);
  note_quality(r, samples, question.inject);
  return r;
}

}  // namespace muster::measure
