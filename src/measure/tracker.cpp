#include "measure/tracker.hpp"

#include <algorithm>
#include <utility>

namespace muster::measure {

std::uint64_t ServiceTracker::whole_window() const {
  return static_cast<std::uint64_t>(std::max<std::int64_t>(1, probing_.up.window / probing_.every));
}

/// The sample as the window keeps it; records the gap before it, if there is one.
ServiceTracker::Entry ServiceTracker::entry_of(const Sample& s) {
  Entry e{s.n, s.sent, s.completed, s.outcome == Outcome::ok, false, 0};
  if (!last_) {
    e.after_gap = true;
    e.missing = whole_window();
  } else {
    // A probe that was still under way did run: silence is counted from its end.
    const Duration silence = s.sent - std::max(last_->sent, std::min(heard_until_, s.sent));
    e.after_gap =
        silence > 2 * probing_.every || s.sent - s.due > probing_.every || s.n != last_->n + 1;
    if (e.after_gap) {
      const auto unseen = (s.sent - last_->sent) / probing_.every;
      e.missing =
          std::min(whole_window(), static_cast<std::uint64_t>(std::max<std::int64_t>(1, unseen)));
      gaps_.push_back({last_->sent, s.sent, last_->n, s.n});
    }
  }
  if (e.after_gap) gap_n_ = e.n;
  return e;
}

/// Whether the window can meet the rule: the probes that did not run count as good ones here. The
/// one more allows for the rhythm: a window of ten seconds holds 99 or 100 probes of 100 ms.
bool ServiceTracker::meets_rule() const {
  const std::uint64_t ran = window_.size() + 1;
  const std::uint64_t all = std::min(ran + missing_, std::max(ran, whole_window()));
  const double allowed = (1.0 - probing_.up.share) * static_cast<double>(all);
  return static_cast<double>(bad_) <= allowed + 1e-9;
}

void ServiceTracker::pop_front() {
  left_ = window_.front();
  bad_ -= left_->good ? 0 : 1;
  missing_ -= left_->missing;
  if (left_->good) left_good_ = left_;
  window_.pop_front();
}

/// The last good one that was answered before `t`. One that was sent earlier and answered later
/// proves nothing about the time before: it may have hung until the service was back.
std::optional<ServiceTracker::Entry> ServiceTracker::good_before(Instant t) const {
  const auto answered = [&](const Entry& e) { return e.good && e.completed <= t; };
  const auto found = std::find_if(window_.rbegin(), window_.rend(), answered);
  if (found != window_.rend()) return *found;
  if (left_good_ && answered(*left_good_)) return left_good_;
  return std::nullopt;
}

/// The last bad one before the window's first good one, or before the gap in which all may have
/// been well again: the service was lost at some instant after it was sent.
Moment ServiceTracker::end_of_bad_run() const {
  Entry last_bad = *left_;
  for (const auto& e : window_) {
    if (e.good || e.after_gap) break;
    last_bad = e;
  }
  return {last_bad.sent, std::nullopt, last_bad.n, 0};
}

/// Judges the window that begins right after `left_` (or, after a gap, with its first sample) and
/// whose whole length has passed. `certain`: there is no gap in it.
void ServiceTracker::consider_window(bool certain) {
  if (!meets_rule()) return;
  if (state_ == UpState::down) {
    Loss& loss = losses_.back();
    if (!left_ || left_->n < loss.onset.hi_n) return;  // it begins before the loss
    if (!loss.recovery.lo) loss.recovery = end_of_bad_run();
  }
  if (!certain || bad_ == window_.size()) return;
  if (state_ != UpState::up) {
    const auto j =
        std::find_if(window_.begin(), window_.end(), [](const Entry& e) { return e.good; });
    if (state_ == UpState::down) {
      Moment& recovery = losses_.back().recovery;
      recovery.hi = j->completed;
      recovery.hi_n = j->n;
      up_since_ = recovery;
      forget_before(recovery.hi_n);
    } else {
      up_since_ = {std::nullopt, j->completed, 0, j->n};
    }
  }
  state_ = UpState::up;
  unsure_ = false;
}

/// The bad probes of a loss that is over do not count towards another one.
void ServiceTracker::forget_before(std::uint64_t n) {
  while (window_.front().n < n) pop_front();
  missing_ -= std::exchange(window_.front().missing, whole_window());
  missing_ += whole_window();
}

void ServiceTracker::note_onset() {
  Loss loss;
  auto k = bad_run_->good;
  if (unsure_ && k && (!sure_good_ || sure_good_->n < k->n)) k = sure_good_;
  if (state_ == UpState::up && k) {
    loss.onset.lo = k->sent;
    loss.onset.lo_n = k->n;
  }
  loss.onset.hi = bad_run_->first.completed;
  loss.onset.hi_n = bad_run_->first.n;
  losses_.push_back(loss);
  state_ = UpState::down;
}

void ServiceTracker::feed(const Sample& s) {
  if (last_ && s.n <= last_->n) return;
  const Entry e = entry_of(s);
  if (e.after_gap && state_ == UpState::up && !unsure_) {
    unsure_ = true;
    sure_good_ = good_before(e.sent);
  }
  missing_ += e.missing;
  while (!window_.empty() && window_.front().sent + probing_.up.window <= e.sent) {
    if (window_.front().n == gap_n_) {
      missing_ -= std::exchange(window_.front().missing, 0);  // this window begins after the gap
      consider_window(true);
      if (window_.front().n != gap_n_) continue;  // it began with bad ones, which are forgotten now
    }
    pop_front();
    consider_window(left_->n >= gap_n_);
  }
  window_.push_back(e);
  bad_ += e.good ? 0 : 1;
  if (!e.good && (!last_ || last_->good)) bad_run_ = BadRun{good_before(e.sent), e};
  last_ = e;
  heard_until_ = std::max(heard_until_, e.completed);
  if (state_ != UpState::down && !meets_rule()) note_onset();
}

UpState ServiceTracker::state(Instant now) const {
  const bool old =
      !last_ || now - last_->sent > 3 * probing_.every + probing_.timeout + kBatchEvery;
  if (old || (state_ == UpState::up && unsure_)) return UpState::unknown;
  return state_;
}

std::optional<Moment> ServiceTracker::since() const {
  if (state_ == UpState::down) return losses_.back().onset;
  if (state_ == UpState::up) return up_since_;
  return std::nullopt;
}

std::vector<Loss> ServiceTracker::losses() const {
  if (state_ != UpState::down || losses_.back().recovery.lo) return losses_;
  // Were every further probe good, the first good window would begin here.
  ServiceTracker hopeful = *this;
  hopeful.missing_ += whole_window();
  while (!hopeful.window_.empty() && !hopeful.losses_.back().recovery.lo) {
    hopeful.pop_front();
    hopeful.consider_window(false);
  }
  return hopeful.losses_;
}

void InOrder::put(Sample s) {
  latest_ = std::max(latest_, s.completed);
  if (s.n >= next_n_) held_.emplace(s.n, std::move(s));
}

std::optional<Sample> InOrder::next() {
  if (held_.empty()) return std::nullopt;
  const auto first = held_.begin();
  // Whatever has a lower number was sent earlier: by then it has been given up, or was lost with a
  // runner.
  if (first->first != next_n_ && latest_ <= first->second.sent + patience_) return std::nullopt;
  Sample s = std::move(first->second);
  held_.erase(first);
  next_n_ = s.n + 1;
  return s;
}

}  // namespace muster::measure
