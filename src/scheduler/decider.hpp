// What starts now, what is missed, what waits, and when to look again. Pure: it is told the time,
// the drills as their files say them and the log's fold, and says what to write and what to start.
// Whoever drives it writes first, and starts what became durable (cli/serve).
//
// Rules (reference: schedule): an occurrence is (drill, nominal local time), and is decided once.
// Never more than one is caught up: of several that are due only the newest can start. In doubt
// nothing starts, and that is recorded with its reason.
#pragma once
#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "schedule/timetable.hpp"
#include "scheduler/share.hpp"
#include "scheduler/standing.hpp"

namespace muster::scheduler {

/// One drill with a schedule.
struct Job {
  schedule::Schedule schedule;
  std::string rule;  ///< its text: another one begins to count anew
  schedule::Freezes freezes;
  std::vector<std::string> hosts;  ///< that it may touch: two drills never share one at a time
  std::vector<Share> shares;       ///< of groups of hosts only so many are in drills at once
  std::string unfit;  ///< why it cannot be started at all ("" when it can): its files are wrong
};

struct Situation {
  WallTime now{};
  std::vector<Running> running;
  std::size_t at_once_max = 4;
  std::string closed = {};  ///< why nothing may start at all ("" when it may)
  /// Whatever else must be there before this one starts (approvals, announcements): "" or what is
  /// missing. None: nothing.
  std::function<std::string(const schedule::Occurrence&)> missing = {};
};

struct Start {
  schedule::Occurrence occurrence;
  std::string how;  ///< "on time", "queued", "caught up"
};
struct Miss {
  std::string drill;
  schedule::LocalTime first{}, last{};
  std::uint64_t count = 0;
  std::string why;
  bool asks = false;  ///< a person decides whether it is done all the same
};
struct Announce {
  schedule::Occurrence occurrence;
  Duration before{};
};
struct Decisions {
  std::vector<std::string> fresh;  ///< drills whose rule is not known to the log as it is
  std::vector<Miss> missed;
  std::vector<schedule::Occurrence> queued;
  std::vector<schedule::Occurrence> committed;
  std::vector<Announce> announced;
  std::vector<Start> starts;  ///< in the order of their planned times
  /// Drills that are due and wait, and for what: for people.
  std::map<std::string, std::string> waiting;
  std::optional<WallTime> wake;  ///< at the latest; sooner when anything of the situation changes

  bool empty() const {
    return fresh.empty() && missed.empty() && queued.empty() && committed.empty() &&
           announced.empty() && starts.empty();
  }
};

class Decider {
 public:
  /// `seed`: draws surprises (schedule/window.hpp). Never shown.
  explicit Decider(std::string seed) : seed_{std::move(seed)} {}

  /// The drills as their files say them now.
  void use(std::vector<Job> jobs);
  const std::vector<Job>& jobs() const { return jobs_; }

  /// Looks only at drills whose time has come, so that thousands that wait cost nothing.
  Decisions decide(const Standing& standing, const Situation& situation);
  /// Something of the drill's standing changed: it is looked at again.
  void touch(const std::string& drill);

  /// The next occurrence that is not decided; drawn, when it is a surprise: never show its time.
  std::optional<schedule::Occurrence> next(const Job& job, const Standing& standing,
                                           WallTime now) const;

 private:
  struct Turn;
  void look(const Job& job, Turn& turn);
  schedule::Occurrence drawn(schedule::Occurrence occurrence, const Job& job, WallTime now) const;

  std::string seed_;
  std::vector<Job> jobs_;
  std::map<std::string, std::size_t> index_;
  std::map<std::string, WallTime> look_at_;  ///< by drill; none: it never occurs again
};

/// How often a drill that is due and waits is looked at again: in time, and when it is only to be
/// caught up.
inline constexpr Duration kWaitStep = std::chrono::seconds{10};
inline constexpr Duration kLateStep = std::chrono::minutes{5};

}  // namespace muster::scheduler
