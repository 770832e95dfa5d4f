#include "scheduler/decider.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace muster::scheduler {

using schedule::LocalTime;
using schedule::Occurrence;

namespace {

/// What one look may go through: a server that was away for a year of minutes takes several.
constexpr int kOccurrencesAtOnce = 50'000;

/// Why an occurrence that is due does not start.
struct Block {
  enum class Is {
    nothing,
    passing,  ///< may be over in time: it waits
    running,  ///< the drill's own run goes on
    held      ///< on purpose: nothing is waited for
  };
  Is is = Is::nothing;
  std::string why;
};

bool has_after(const DrillStanding& of, const model::After& after, WallTime now) {
  const bool must_pass = after.result == model::After::Result::passed;
  return std::any_of(of.tests.begin(), of.tests.end(), [&](const schedule::Tested& t) {
    return (t.passed || !must_pass) && t.at <= now && now - t.at <= *after.within;
  });
}

/// When it is decided at the latest: a surprise that was given no moment when its window is over.
WallTime moment_of(const Occurrence& o) {
  return o.planned ? *o.planned : o.window.to;
}

}  // namespace

/// One look at everything.
struct Decider::Turn {
  const Standing& standing;
  const Situation& situation;
  Decisions out = {};
  std::vector<Running> running = {};   ///< what runs, and what this turn starts
  std::set<std::string> claimed = {};  ///< hosts, of the same
  std::set<std::string> busy = {};     ///< drills, of the same

  void claim(Running run) {
    busy.insert(run.drill);
    claimed.insert(run.hosts.begin(), run.hosts.end());
    running.push_back(std::move(run));
  }
  void miss(const Occurrence& o, const std::string& why, bool asks = false);
  Block blocked(const Job& job, const Occurrence& o) const;
  std::string blocked_by_others(const Job& job) const;
  /// Whether it is still to be looked at.
  bool due(const Job& job, const Occurrence& o);
  /// When to look again.
  WallTime ahead(const Job& job, const Occurrence& o);
};

void Decider::Turn::miss(const Occurrence& o, const std::string& why, bool asks) {
  auto& all = out.missed;
  if (!all.empty() && all.back().drill == o.drill && all.back().why == why &&
      all.back().asks == asks) {
    all.back().last = o.nominal;
    ++all.back().count;
  } else {
    all.push_back({o.drill, o.nominal, o.nominal, 1, why, asks});
  }
}

std::string Decider::Turn::blocked_by_others(const Job& job) const {
  if (running.size() >= situation.at_once_max)
    return fmt::format("{} runs go on, and {} are the most", running.size(), situation.at_once_max);
  for (const auto& host : job.hosts)
    if (claimed.contains(host)) return fmt::format("another run uses {}", host);
  return exceeded({job.schedule.drill(), job.hosts, job.shares}, running);
}

Block Decider::Turn::blocked(const Job& job, const Occurrence& o) const {
  using Is = Block::Is;
  const auto& file = job.schedule.file();
  const auto& of = standing.of(o.drill);
  if (of.hold) return {Is::held, fmt::format("held by {}: {}", of.hold->by, of.hold->why)};
  if (file.hold) return {Is::held, "held by its file"};
  if (busy.contains(o.drill)) return {Is::running, "the drill still runs"};
  if (!situation.closed.empty()) return {Is::passing, situation.closed};
  if (!job.unfit.empty()) return {Is::passing, job.unfit};
  if (const auto frozen = job.freezes.frozen_at(situation.now, situation.now, job.schedule.zone()))
    return {Is::passing, "frozen: " + frozen->what};
  if (file.after && !has_after(standing.of(*file.after->drill), *file.after, situation.now))
    return {Is::passing,
            fmt::format("{} has not {} within {}", *file.after->drill,
                        file.after->result == model::After::Result::passed ? "passed" : "run",
                        format_duration(*file.after->within))};
  if (auto why = blocked_by_others(job); !why.empty()) return {Is::passing, std::move(why)};
  if (situation.missing)
    if (auto why = situation.missing(o); !why.empty()) return {Is::passing, std::move(why)};
  return {};
}

bool Decider::Turn::due(const Job& job, const Occurrence& o) {
  const auto& file = job.schedule.file();
  if (!o.planned) {
    miss(o, "frozen throughout its window");
    return false;
  }
  const bool queued = standing.of(o.drill).queued == o.nominal;
  const bool late = situation.now > *o.planned + *file.start_within;
  const bool may = !late || queued || file.missed == model::Missed::run_once;
  const Block block = blocked(job, o);
  if (may && block.is == Block::Is::nothing) {
    claim({o.drill, job.hosts, job.shares});
    out.starts.push_back({o, queued ? "queued" : late ? "caught up" : "on time"});
    return false;
  }
  if (block.is == Block::Is::held) {
    miss(o, block.why);
    return false;
  }
  if (block.is == Block::Is::running && !queued && may) {
    if (file.overlap == model::Overlap::forbid) {
      miss(o, block.why);
      return false;
    }
    out.queued.push_back(o);
  }
  if (!may) {
    miss(o, block.why.empty() ? "nobody was there to start it in time" : block.why,
         file.missed == model::Missed::ask);
    return false;
  }
  out.waiting[o.drill] = block.why;
  return true;
}

WallTime Decider::Turn::ahead(const Job& job, const Occurrence& o) {
  const auto& of = standing.of(o.drill);
  WallTime wake = moment_of(o);
  if (o.is_surprise() && o.surprise && !(of.committed && *of.committed >= o.nominal))
    out.committed.push_back(o);
  const WallTime begins = o.is_surprise() ? o.window.from : o.earliest();
  std::optional<Duration> nearest;  // of the announcements whose time has come
  for (const auto& before : job.schedule.file().announce) {
    if (begins - *before > situation.now)
      wake = std::min(wake, begins - *before);
    else if (!nearest || *before < *nearest)
      nearest = *before;
  }
  if (!nearest) return wake;
  const auto told = of.announced.find(schedule::format_local(o.nominal));
  const bool done = told != of.announced.end() &&
                    std::any_of(told->second.begin(), told->second.end(),
                                [&](Duration before) { return before <= *nearest; });
  if (!done) out.announced.push_back({o, *nearest});
  return wake;
}

void Decider::use(std::vector<Job> jobs) {
  jobs_ = std::move(jobs);
  index_.clear();
  look_at_.clear();
  for (std::size_t i = 0; i < jobs_.size(); ++i) {
    index_[jobs_[i].schedule.drill()] = i;
    look_at_[jobs_[i].schedule.drill()] = WallTime::min();
  }
}

void Decider::touch(const std::string& drill) {
  if (index_.contains(drill)) look_at_[drill] = WallTime::min();
}

Occurrence Decider::drawn(Occurrence occurrence, const Job& job, WallTime now) const {
  schedule::draw(occurrence, seed_, job.freezes, now, job.schedule.zone());
  return occurrence;
}

std::optional<Occurrence> Decider::next(const Job& job, const Standing& standing,
                                        WallTime now) const {
  const auto& of = standing.of(job.schedule.drill());
  auto found =
      of.rule == job.rule && of.after() ? job.schedule.next(*of.after()) : job.schedule.next(now);
  if (found) *found = drawn(std::move(*found), job, now);
  return found;
}

void Decider::look(const Job& job, Turn& turn) {
  const std::string& drill = job.schedule.drill();
  const auto& of = turn.standing.of(drill);
  const WallTime now = turn.situation.now;
  if (of.rule != job.rule || !of.after()) {
    turn.out.fresh.push_back(drill);
    return;  // looked at again when the log knows it
  }
  std::optional<Occurrence> candidate;
  auto next = job.schedule.next(*of.after());
  int left = kOccurrencesAtOnce;
  for (; next && left > 0; --left) {
    next = drawn(std::move(*next), job, now);
    if (moment_of(*next) > now) break;
    if (candidate) turn.miss(*candidate, "a later one was due as well, and only one is caught up");
    candidate = next;
    next = job.schedule.next(candidate->nominal);
  }
  look_at_.erase(drill);
  if (next && left > 0) look_at_[drill] = turn.ahead(job, *next);
  if (left == 0) look_at_[drill] = now;
  if (candidate && left > 0 && turn.due(job, *candidate)) {
    const bool late = now > *candidate->planned + *job.schedule.file().start_within;
    const WallTime again = now + (late ? kLateStep : kWaitStep);
    auto& at = look_at_.try_emplace(drill, again).first->second;
    at = std::min(at, again);
  }
}

Decisions Decider::decide(const Standing& standing, const Situation& situation) {
  Turn turn{standing, situation};
  for (const auto& running : situation.running) turn.claim(running);
  // In the order of their times, so that who was planned first is first.
  std::vector<std::pair<WallTime, std::string>> now;
  for (const auto& [drill, at] : look_at_)
    if (at <= situation.now) now.emplace_back(at, drill);
  std::sort(now.begin(), now.end());
  for (const auto& [at, drill] : now) look(jobs_[index_.at(drill)], turn);
  for (const auto& [drill, at] : look_at_)
    if (!turn.out.wake || at < *turn.out.wake) turn.out.wake = at;
  std::stable_sort(turn.out.starts.begin(), turn.out.starts.end(),
                   [](const auto& a, const auto& b) {
                     return a.occurrence.earliest() < b.occurrence.earliest();
                   });
  return std::move(turn.out);
}

}  // namespace muster::scheduler
