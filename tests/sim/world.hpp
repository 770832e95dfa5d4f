// A whole drill in simulation: fleet, network, store and people, from one seed. What must hold
// whatever happens is judged on the way (invariants.cpp); what did not is collected as sentences.
#pragma once
#include <functional>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "tests/sim/plans.hpp"
#include "tests/sim/process.hpp"
#include "tests/sim/record.hpp"

namespace muster::sim {

using StepIs = journal::StepStatus;
using EffectIs = journal::EffectStatus;

class World {
 public:
  explicit World(std::uint64_t seed);

  std::uint64_t seed;
  Timeline time;
  Fleet fleet{time, seed};
  Cluster cluster{time, fleet};
  std::shared_ptr<Disk> disk = std::make_shared<Disk>();
  StorePlan store;                               // for the next process
  std::map<std::string, std::string> elsewhere;  // what the store knows of other runs, by host
  std::string frozen;                            // what a calendar says now; "": nothing
  /// People, and whatever else reacts to what stands in the record.
  std::function<void(Process&, const journal::Draft&)> on_entry;

  Process& begin(plan::Plan plan, const std::string& run = "run-1");
  Process& recover(const std::string& run = "run-1", std::vector<engine::Request> gone = {});
  /// Another controller with a store of its own, on the same fleet.
  Process& rival(plan::Plan plan, const std::string& run = "run-2");
  /// Until the process has ended; a breach when it does not within six hours.
  void finish(Process& process);
  /// begin and finish, and what must hold then.
  Process& drill(plan::Plan plan);
  void pass(Duration d) { time.pass(d); }
  /// Somebody repairs it by hand; also what is held on purpose.
  void mend(const std::string& effect) {
    built_upon_.erase(effect);
    by_hand_ = true;
    fleet.mend(effect);
  }
  /// Somebody else's hand at the switch, or the mains.
  void power(const std::string& host, bool on) {
    by_hand_ = true;
    fleet.power(host, on);
  }
  /// The controller's machine sleeps: process and guardian alike.
  void suspend(Process& process, Duration length) {
    process.stop_for(length);
    fleet.freeze("controller", length);
  }
  /// The database fails over to the other host by itself.
  void fail_over();
  const std::vector<std::unique_ptr<Process>>& processes() const { return processes_; }

  Record& record(const std::string& run = "run-1");
  const journal::RunState& state(const std::string& run = "run-1") { return record(run).state(); }
  std::string result() { return state().result.value_or("none"); }
  std::string verdict_state() { return state().verdict.value("state", "none"); }

  // Invariants: invariants.cpp
  // -----------------------------------------------------------------------------------------------
  /// After a process that ended by itself.
  void judge_end(Process& process);
  /// Some time after a process died, before anybody recovers it.
  void judge_leases(const std::string& run = "run-1");
  void judge_record(const std::string& run = "run-1");
  std::vector<std::string> breaches;
  /// How often an invariant was looked at: one that is never looked at proves nothing.
  std::uint64_t judged = 0;

  StepIs step(const std::string& id) { return state().steps.at(id).status; }
  const journal::EffectState& effect(std::size_t i = 0) { return state().effects.at(i); }

 private:
  void breach(const std::string& what);
  void tell_frame(const Host& host, const ports::Call& call) const;
  void carried_out(const Host& host, const ports::Call& call);
  void obeyed(const Host& host, const ports::Call& call);
  void changed(const std::string& effect, const Live& live, bool on);
  void judge_no_return(const ports::Call& call);
  void judge_limits(const Live& live);
  void judge_split(const std::string& why);
  void judge_lease_of(const std::string& effect);
  void judge_pass(const journal::RunState& state, const std::string& run);
  void judge_markers(const journal::RunState& state);
  void recorded(const journal::Draft& draft);
  void sent(const ports::Call& call);
  void judge_lock(const Host& host, const ports::Call& call);
  bool works(const std::string& run) const;  // a process of this run is at work
  Process& add(Surroundings around, const std::string& run, StorePlan plan);
  Surroundings around(const std::string& run);

  std::vector<std::unique_ptr<Process>> processes_;
  std::map<std::string, std::shared_ptr<Disk>> rivals_;  // by run: the disks of other controllers
  std::map<std::string, Record> records_;
  std::set<std::string> went_live_;       // effects that were there, if only for a moment
  std::set<std::string> was_armed_;       // effects whose undo lay ready somewhere
  std::set<std::string> built_upon_;      // effects that a no-return command has built on
  std::set<std::string> no_return_sent_;  // runs that sent such a command
  std::map<std::pair<std::string, std::string>, std::uint64_t> epochs_;  // seen: host and boot, run
  bool by_hand_ = false;  // what is powered on since then need not be Muster's doing
  std::map<std::string, std::size_t> judged_size_;  // of the records of runs
  std::uint64_t begun_ = 0;
};

}  // namespace muster::sim
