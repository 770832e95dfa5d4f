// The runs of a workspace, folded from its log alone: what lists, trends, coverage and metrics are
// made from. Runs of before `run.closed` had a summary have none, until somebody adds what their
// record says. Pure.
#pragma once
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "journal/entry.hpp"
#include "measure/interval.hpp"

namespace muster::history {

struct Objective {
  std::string kind;     ///< as users write it: rto, rpo, restore, …
  std::string service;  ///< empty: of the drill itself
  std::string met;      ///< yes, no, straddles, unknown
  std::optional<measure::Interval> actual;
  std::optional<Duration> limit;
  std::optional<std::uint64_t> lost, lost_max;
};

/// A fault or a restore that was put on a host.
struct Exercise {
  std::string name;  ///< "node.kill", "pgbackrest"
  std::string host;
  std::string end;  ///< how the effect ended: reverted, held, revert_failed, …
  bool proven = false;
  std::string step;  ///< of a restore: passed, failed, …
};

struct RoleHeld {
  std::string role, person;
};

struct Run {
  std::string id, drill, by;
  WallTime opened{};
  std::optional<WallTime> closed;
  std::string result;  ///< "" while it is open
  std::string state;
  std::uint64_t entries = 0;  ///< of its own log, once it is closed
  std::optional<Duration> took;
  bool summarised = false;  ///< what follows is known
  std::vector<Objective> objectives;
  std::vector<std::string> hosts;
  std::vector<Exercise> faults, restores;
  std::vector<RoleHeld> roles;
  std::uint64_t left_out = 0;  ///< of the five lists above
  bool removed = false;        ///< its own record was, on purpose

  /// PASS, FAIL or INCONCLUSIVE: it tested something.
  bool is_test() const;
  /// PASS, and everything undone.
  bool passed() const;
};

/// Takes what closing_of() made; what cannot be read is left out.
void add_summary(Run& run, const Json& summary);

class Runs {
 public:
  /// The workspace log's entries in order; of other kinds are passed over.
  void add(const journal::Entry& entry);
  /// In the order in which they were opened.
  const std::vector<Run>& all() const { return all_; }
  std::vector<Run>& all() { return all_; }

 private:
  std::vector<Run> all_;
  std::map<std::string, std::size_t> places_;
};

struct Filter {
  std::string drill, result, state, by, host;  ///< "": any. A result in either case; OPEN: not over
  std::optional<WallTime> since, until;        ///< of its opening; `until` is not included
  std::size_t newest = 0;                      ///< only so many of the newest; 0: all
};
std::vector<const Run*> filtered(const std::vector<Run>& runs, const Filter& filter);

}  // namespace muster::history
