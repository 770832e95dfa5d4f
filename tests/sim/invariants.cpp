// What must hold whatever happens (reference: journal, protocol), judged against the truth that no
// runner can see:
//   1. every effect is journalled before it happens, and armed before it is injected;
//   2. no host obeys a process that was taken over, or a second run beside the first;
//   3. no fault is live on a host that runs, later than its lease and a moment;
//   4. what a no-return command was built upon is never undone by itself, and Muster never makes
//      two databases take writes;
//   5. the record verifies, and the state is its fold;
//   6. every effect ends, or the state says dirty; what the record calls undone is undone, and no
//      host remembers it;
//   7. nothing unknown passes, and nothing is called proven that never was;
//   8. by its own hand a run never leaves fewer hosts than `keep`, nor hits more than `at_most`,
//   and
//      what a guardrail has stopped never passes.
#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <utility>

#include "journal/kinds.hpp"
#include "journal/logs.hpp"
#include "journal/verify.hpp"
#include "tests/sim/world.hpp"

namespace muster::sim {

namespace kinds = journal::kinds;
using journal::EffectStatus;
using journal::StepStatus;
using ports::Call;
using ports::Verb;
using namespace std::chrono_literals;

// While it runs
// ----------------------------------------------------------------------------------------------

namespace {

bool cannot_be_taken_back(const Call& call) {
  return call.verb == Verb::command &&
         (call.argv.at(0) == "promote" || call.argv.at(0) == "switch");
}

}  // namespace

void World::sent(const Call& call) {
  if (!cannot_be_taken_back(call)) return;
  no_return_sent_.insert(call.run);
  if (!record(call.run).state().past_no_return())
    breach("a no-return command was sent before it was durable that it would be");
}

void World::carried_out(const Host& host, const Call& call) {
  ++judged;
  Record& r = record(call.run);
  const auto& id = call.effect;
  if (call.verb == Verb::arm && !r.has(kinds::kEffectIntent, id))
    breach("armed without a durable intent");
  if ((call.verb == Verb::inject || call.verb == Verb::phase) &&
      !r.has(kinds::kEffectInjecting, id))
    breach("injected before it was durable that it would be");
  if (call.verb == Verb::hold && !r.has(kinds::kEffectHeld, id))
    breach("a dead-man was taken off before the hold was durable");
  if (cannot_be_taken_back(call)) judge_no_return(call);
  if (call.verb == Verb::lock) judge_lock(host, call);
}

void World::recorded(const journal::Draft& draft) {
  if (draft.action == kinds::kEffectActive && !went_live_.contains(draft.intent_ref))
    breach("an effect is called proven that was never there");
  if (draft.action == kinds::kEffectArmed && !was_armed_.contains(draft.intent_ref))
    breach("an undo is called armed that never was");
}

void World::obeyed(const Host& host, const Call& call) {
  if (call.verb == Verb::arm) was_armed_.insert(call.effect);
  const auto epoch = number_of(call, "epoch");
  auto& seen = epochs_[{fmt::format("{} {}", host.name, host.boots), call.run}];
  // A renewal where nothing of the run is live keeps nothing alive.
  const bool renews = call.verb == Verb::renew &&
                      std::any_of(host.effects.begin(), host.effects.end(), [&](const auto& e) {
                        return e.second.run == call.run && !e.second.over;
                      });
  const bool begins = renews || call.verb == Verb::arm || call.verb == Verb::inject ||
                      call.verb == Verb::phase || call.verb == Verb::hold ||
                      call.verb == Verb::lock;
  if (begins && epoch < seen)
    breach(
        fmt::format("{} obeyed a process that was taken over ({})", host.name, name_of(call.verb)));
  seen = std::max(seen, epoch);
}

void World::judge_no_return(const Call& call) {
  const auto& s = record(call.run).state();
  for (const auto& e : s.effects) {
    if (fleet.dead_man_of(e.id))
      breach(fmt::format("{} ran while the dead-man of {} was armed", call.argv[0], e.script));
    if (fleet.live().contains(e.id)) built_upon_.insert(e.id);
  }
  time.after(Duration::zero(), [this, word = call.argv[0]] { judge_split(word + " was sent"); });
}

/// Others may power on what they like; Muster must not.
void World::judge_split(const std::string& why) {
  if (cluster.split() && !by_hand_) breach("two databases take writes: " + why);
}

void World::judge_lock(const Host& host, const Call& call) {
  if (!host.lock || host.lock->run == call.run || !works(host.lock->run)) return;
  time.after(Duration::zero(), [this, name = host.name, first = host.lock->run, second = call.run] {
    const auto& lock = fleet.host(name).lock;
    if (lock && lock->run == second)
      breach(fmt::format("{} took {} while {} was at work there", second, name, first));
  });
}

void World::changed(const std::string& id, const Live& live, bool on) {
  ++judged;
  if (on) went_live_.insert(id);
  Record& r = record(live.run);
  if (on && !r.has(kinds::kEffectInjecting, id))
    breach("a fault went live that the record does not know");
  if (on && !r.has(kinds::kEffectArmed, id))
    breach("a fault went live whose undo is not known to be armed");
  const bool rebooted = !fleet.host(live.at).up;  // that took it away, not Muster
  if (!on && !rebooted && built_upon_.contains(id))
    breach(live.fault + " was undone after something was built upon it");
  if (!on && live.at != live.host) judge_split(live.fault + " was undone");
  if (on) judge_lease_of(id);
  if (on) judge_limits(live);
}

/// Whoever else has hit hosts, or fallen over meanwhile: these are the run's own.
void World::judge_limits(const Live& live) {
  const auto process = std::find_if(processes_.begin(), processes_.end(), [&](const auto& p) {
    return p->run() == live.run && p->machine();
  });
  if (process == processes_.end()) return;
  const auto& s = record(live.run).state();
  for (const auto& limit : (*process)->machine()->plan().limits) {
    std::set<std::string> hit;
    for (const auto& [id, one] : fleet.live()) {
      const auto* e = s.effect(id);
      const bool serves = e && e->restore && e->status == EffectStatus::held;
      if (one.run == live.run && !serves &&
          std::find(limit.hosts.begin(), limit.hosts.end(), one.host) != limit.hosts.end())
        hit.insert(one.host);
    }
    ++judged;
    if (limit.kind == plan::Limit::Kind::at_most && hit.size() > limit.count)
      breach(fmt::format("{} hosts are hit, and at most {} may be", hit.size(), limit.count));
    if (limit.kind == plan::Limit::Kind::keep && limit.hosts.size() - hit.size() < limit.count)
      breach(fmt::format("{} of {} hosts are hit, and {} must stay healthy", hit.size(),
                         limit.hosts.size(), limit.count));
  }
}

/// From the moment on that it is live until it is gone: its dead-man undoes it in time, whoever
/// runs or does not.
void World::judge_lease_of(const std::string& id) {
  constexpr Duration kBound = 5s;  // naps of the dead-man, and what the undo itself takes
  const auto it = fleet.live().find(id);
  if (it == fleet.live().end()) return;
  const Host& host = fleet.host(it->second.at);
  const auto armed = host.effects.find(id);
  // Rebooted, or held: not the dead-man's any more.
  if (!host.up || armed == host.effects.end() || !armed->second.dead_man) return;
  if (fleet.nature(it->second.fault).reverts_failing > 0) return;
  const auto run = host.runs.find(armed->second.run);
  const auto ends = host.at_uptime(
      std::min(run == host.runs.end() ? 0 : run->second.lease_cs, armed->second.cap_cs));
  const Instant due = std::max({ends, host.frozen_until, it->second.since}) + kBound;
  if (time.now() >= due) {
    return breach(fmt::format("{} is live on {} {:.1f} s after its lease", it->second.fault,
                              it->second.host, static_cast<double>(ns(time.now() - ends)) / 1e9));
  }
  ++judged;
  time.at(due, [this, id] { judge_lease_of(id); });
}

// Afterwards
// -------------------------------------------------------------------------------------------------

void World::judge_leases(const std::string& run) {
  for (const auto& [id, live] : fleet.live()) {
    if (live.run != run) continue;
    const Host& host = fleet.host(live.at);
    const auto* e = state(run).effect(id);
    if (!e) breach("a live fault that the record does not know");
    // Held on purpose; also one whose no-return step was not taken after all, and whose undo did
    // not get through before the runner died: the record says that its dead-man is off.
    if (!e || record(run).has(kinds::kEffectHeld, id)) continue;
    // A file on a disk outlives the reboot that ended its dead-man: that is for recover.
    if (!host.up || time.now() < host.cut_until || time.now() < host.frozen_until ||
        !host.effects.contains(id))
      continue;
    breach(fmt::format("{} is live on {} after its lease", live.fault, live.host));
  }
}

void World::judge_record(const std::string& run) {
  const auto bytes = record(run).bytes();
  if (bytes.empty() || std::exchange(judged_size_[run], bytes.size()) == bytes.size()) return;
  const auto& kept = rivals_.contains(run) ? rivals_.at(run) : disk;
  const auto tip = kept->tip(journal::run_log(run));
  // Whoever kept size and root on the way sees the same log, and no more is unwitnessed than came
  // since.
  journal::Tree early;
  for (std::size_t i = 0; i < (bytes.size() + 1) / 2; ++i) early.add(journal::leaf_hash(bytes[i]));
  const auto verified =
      journal::verify(bytes, run, journal::Witness{early.size(), early.root()}, tip);
  if (!verified.intact()) breach("the record is damaged: " + verified.findings.front().text);
  if (!verified.witnessed || verified.unwitnessed != bytes.size() - early.size())
    breach("the tree does not verify against its own earlier root");
  if (!state(run).unknown_kinds.empty()) breach("the record has kinds that nobody knows");
}

void World::judge_end(Process& process) {
  ++judged;
  const std::string& run = process.run();
  judge_record(run);
  if (!process.over() || process.record_lost()) return;
  const auto& s = state(run);
  if (!s.closed || !s.result) breach("the run is over and its record is not closed");
  if (process.machine())
    if (const auto why = record(run).differs_from(process.machine()->state()); !why.empty())
      breach("the state is no fold of the record: " + why);
  const bool dirty = s.verdict.value("state", "") == "dirty";
  for (const auto& e : s.effects) {
    const bool live = fleet.live().contains(e.id);
    const bool called_out = e.status == EffectStatus::held || dirty;
    if (live && !called_out)
      breach(fmt::format("{} on {} is live, and the record says {}", e.script, e.host,
                         name_of(e.status)));
    if (live && (e.status == EffectStatus::reverted || e.status == EffectStatus::self_reverted))
      breach(fmt::format("{} on {} is called {} and is live", e.script, e.host, name_of(e.status)));
    if (e.status == EffectStatus::held && !s.past_no_return() && !no_return_sent_.contains(run))
      breach(e.script + " is held though no no-return command was sent");
    if (!journal::is_over(e.status) && !dirty)
      breach("an effect is not over and the state is not dirty");
  }
  if (s.result == "PASS") judge_pass(s, run);
  // A frame that is late by a minute may bring a mark back; the next preflight sees to it.
  if (time.now() > fleet.stormy + 2min) judge_markers(s);
}

/// What is undone is forgotten by its host: its mark would be in the way of the next drill.
void World::judge_markers(const journal::RunState& s) {
  for (const auto& e : s.effects) {
    const bool mended = e.status == EffectStatus::moot && e.mended;
    const bool undone =
        e.status == EffectStatus::reverted || e.status == EffectStatus::self_reverted;
    if (!undone && !mended) continue;
    const Host& host = fleet.host(e.at);
    // Where no frame came through in the end, the next preflight has to see to it.
    if (!host.up || time.now() < host.cut_until + 1min || time.now() < host.frozen_until + 1min)
      continue;
    if (host.effects.contains(e.id))
      breach(fmt::format("{} still has the mark of {}, which is {}", e.at, e.script,
                         undone ? "undone" : "mended"));
  }
}

void World::judge_pass(const journal::RunState& s, const std::string& run) {
  for (const auto& e : s.effects)
    if (!e.proven) breach("PASS with an effect that was not proven");
  for (const auto& [id, step] : s.steps)
    if (step.status != StepStatus::passed)
      breach(fmt::format("PASS though step {} is {}", id, name_of(step.status)));
  if (s.abort_why) breach("PASS though it was aborted");
  for (const auto& [name, guard] : s.guards)
    if (guard.fired || guard.since) breach("PASS though the guardrail " + name + " did not hold");
  for (const auto& counted : s.counted)
    if (counted.outcome != "ok") breach("PASS though a guardrail refused an effect");
  for (const auto& entry : record(run).entries()) {
    if (entry.action == kinds::kEffectUnknown) breach("PASS with an effect that was unknown");
    if (entry.action == kinds::kVerdict) break;
    if (entry.action == kinds::kTakeover) breach("PASS of a run that another process judged");
    if (entry.action != kinds::kMeasured || !entry.data.contains("objectives")) continue;
    for (const auto& objective : entry.data.at("objectives"))
      if (objective.at("met") != "yes") breach("PASS with an objective that is not met");
  }
}

}  // namespace muster::sim
