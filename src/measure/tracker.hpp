// Whether a service is up, since when, and when it was lost and came back: one rule for the live
// question
// (`wait: {service: orders, is: up}`) and for the judgement afterwards.
#pragma once
#include <deque>
#include <map>
#include <optional>
#include <vector>

#include "measure/interval.hpp"
#include "measure/sample.hpp"
#include "measure/up_rule.hpp"

namespace muster::measure {

/// unknown: not yet asked for a whole window, or there was a gap in the last one, or the answers
/// are old.
enum class UpState { unknown, up, down };

/// One loss of the service. `onset` is F_outage in (s_k, c_k+1], `recovery` is R in (s_j-1, c_j];
/// the moments name k, k+1, j-1 and j. k is the last good probe that was answered before k+1 was
/// sent (one that was still hanging then may have been answered by the recovered service). Gaps
/// widen both. An absent recovery.hi: not seen to recover.
struct Loss {
  Moment onset;
  Moment recovery;
  bool operator==(const Loss&) const = default;
};

/// A state machine over samples. The service is down as soon as the last window cannot meet the
/// rule, whatever the probes that did not run would have said; it is up again with the first whole
/// window, without a gap, that meets it. Onset and recovery are symmetric: the last good probe
/// before the bad ones, and the first good one of that window; so background errors within the rule
/// move neither. Amortised O(1) a sample; keeps one window of them. No clock, no threads: its
/// owner's.
class ServiceTracker {
 public:
  explicit ServiceTracker(Probing probing) : probing_{probing} {}

  /// Samples in ascending n (see InOrder); an n that is not above the last one is ignored.
  void feed(const Sample& s);

  /// As of `now`: unknown when nothing has been heard for longer than the rhythm, the timeout and
  /// the wait for a batch explain.
  UpState state(Instant now) const;
  bool up(Instant now) const { return state(now) == UpState::up; }
  bool down(Instant now) const { return state(now) == UpState::down; }

  /// Since when the state of the last sample holds: R (or the first probe of the first good
  /// window), or F_outage; nothing while unknown.
  std::optional<Moment> since() const;

  /// Every loss so far, the open one (if any) last, with the earliest recovery that is still
  /// possible.
  std::vector<Loss> losses() const;
  const std::vector<Gap>& gaps() const { return gaps_; }

 private:
  struct Entry {
    std::uint64_t n;
    Instant sent, completed;
    bool good;
    bool after_gap;
    std::uint64_t missing;  // probes that could have run in the gap before this one
  };
  struct BadRun {
    std::optional<Entry> good;  // the last one that was answered before it was sent
    Entry first;
  };
  std::uint64_t whole_window() const;
  Entry entry_of(const Sample& s);
  bool meets_rule() const;
  void pop_front();
  std::optional<Entry> good_before(Instant t) const;
  void consider_window(bool certain);
  Moment end_of_bad_run() const;
  void forget_before(std::uint64_t n);
  void note_onset();

  Probing probing_;
  UpState state_ = UpState::unknown;
  Moment up_since_;
  std::deque<Entry> window_;
  std::uint64_t bad_ = 0, missing_ = 0;  // of window_
  std::optional<Entry> left_,
      left_good_;                  // the last one that left the window, and the last good one
  std::optional<Entry> last_;      // the last one fed
  Instant heard_until_{};          // the latest completion
  std::uint64_t gap_n_ = 0;        // first sample after the latest gap; the beginning counts as one
  std::optional<BadRun> bad_run_;  // the latest
  bool unsure_ = false;            // up, but a gap lies in the last window
  std::optional<Entry> sure_good_;  // the last good one before that gap
  std::vector<Loss> losses_;
  std::vector<Gap> gaps_;
};

/// Puts samples of concurrent probes, which end in any order, into ascending n. Holds a sample back
/// only while an earlier one can still be under way.
class InOrder {
 public:
  explicit InOrder(Probing probing) : patience_{probing.timeout + probing.every} {}
  void put(Sample s);
  /// The next one that is ripe; call until it gives nothing.
  std::optional<Sample> next();

 private:
  Duration patience_;
  std::map<std::uint64_t, Sample> held_;
  std::uint64_t next_n_ = 1;
  Instant latest_{};
};

}  // namespace muster::measure
