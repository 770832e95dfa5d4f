#include "tests/sim/world.hpp"

#include <fmt/format.h>

#include <cstdlib>

#include "journal/kinds.hpp"
#include "journal/logs.hpp"
#include "journal/verify.hpp"
#include "tests/sim/restore.hpp"

namespace muster::sim {

namespace kinds = journal::kinds;
using journal::EffectStatus;
using journal::StepStatus;
using ports::Call;
using ports::Verb;

World::World(std::uint64_t s) : seed{s} {
  restore_answers(fleet);
  fleet.on_sent = [this](const Call& call) { sent(call); };
  fleet.on_carried_out = [this](const Host& host, const Call& call) { carried_out(host, call); };
  fleet.on_change = [this](const std::string& id, const Live& live, bool on) {
    changed(id, live, on);
  };
}

Process& World::begin(plan::Plan plan, const std::string& run) {
  Surroundings around{time, fleet, cluster, disk};
  const std::size_t me = processes_.size();
  around.seen = [this, me](const journal::Draft& draft) {
    if (on_entry) on_entry(*processes_[me], draft);
  };
  processes_.push_back(std::make_unique<Process>(around, run, seed + ++begun_ * 7919, store));
  processes_.back()->begin(std::move(plan));
  return *processes_.back();
}

Process& World::recover(const std::string& run, std::vector<engine::Request> gone) {
  Surroundings around{time, fleet, cluster, disk};
  processes_.push_back(std::make_unique<Process>(around, run, seed + ++begun_ * 7919, store));
  processes_.back()->recover(std::move(gone));
  return *processes_.back();
}

void World::finish(Process& process) {
  const Instant end = time.now() + std::chrono::hours{6};
  while (!process.ended() && time.step(end)) {
  }
  if (!process.ended()) breach("the run did not end within six hours");
}

Process& World::drill(plan::Plan plan) {
  Process& process = begin(std::move(plan));
  finish(process);
  judge_end(process);
  return process;
}

Record& World::record(const std::string& run) {
  return records_.try_emplace(run, disk, run).first->second;
}

void World::breach(const std::string& what) {
  if (std::getenv("MUSTER_SEED"))
    fmt::print("{:.2f} {}\n", static_cast<double>(ns(time.now())) / 1e9, what);
  if (breaches.size() < 20) breaches.push_back(what);
}

bool World::works(const std::string& run) const {
  for (const auto& p : processes_)
    if (p->run() == run && !p->ended()) return true;
  return false;
}

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

void World::judge_no_return(const Call& call) {
  const auto& s = record(call.run).state();
  for (const auto& e : s.effects) {
    if (fleet.dead_man_of(e.id))
      breach(fmt::format("{} ran while the dead-man of {} was armed", call.argv[0], e.script));
    if (fleet.live().contains(e.id)) built_upon_.insert(e.id);
  }
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
  Record& r = record(live.run);
  if (on && !r.has(kinds::kEffectInjecting, id))
    breach("a fault went live that the record does not know");
  const bool rebooted = !fleet.host(live.at).up;  // that took it away, not Muster
  if (!on && !rebooted && built_upon_.contains(id))
    breach(live.fault + " was undone after something was built upon it");
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
  if (bytes.empty()) return;
  const auto verified = journal::verify(bytes, run, {}, disk->tip(journal::run_log(run)));
  if (!verified.intact()) breach("the chain is damaged: " + verified.findings.front().text);
  if (!state(run).unknown_kinds.empty()) breach("the record has kinds that nobody knows");
}

void World::judge_end(Process& process) {
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
    if (s.result == "PASS" && !e.proven) breach("PASS with an effect that was not proven");
  }
  if (s.result != "PASS") return;
  for (const auto& [id, step] : s.steps)
    if (step.status != StepStatus::passed)
      breach(fmt::format("PASS though step {} is {}", id, name_of(step.status)));
  if (s.abort_why) breach("PASS though it was aborted");
}

}  // namespace muster::sim
