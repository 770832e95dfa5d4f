#include "tests/sim/world.hpp"

#include <fmt/format.h>

#include <cstdlib>

#include "tests/sim/restore.hpp"

namespace muster::sim {

using ports::Call;

World::World(std::uint64_t s) : seed{s} {
  restore_answers(fleet);
  fleet.on_sent = [this](const Call& call) { sent(call); };
  fleet.on_carried_out = [this](const Host& host, const Call& call) {
    tell_frame(host, call);
    carried_out(host, call);
  };
  fleet.on_obeyed = [this](const Host& host, const Call& call) { obeyed(host, call); };
  fleet.on_change = [this](const std::string& id, const Live& live, bool on) {
    changed(id, live, on);
  };
}

Surroundings World::around(const std::string& run) {
  const auto rival = rivals_.find(run);
  Surroundings around{time, fleet, cluster, rival == rivals_.end() ? disk : rival->second};
  around.elsewhere = [this] { return elsewhere; };
  around.frozen = [this] { return frozen; };
  const std::size_t me = processes_.size();
  around.seen = [this, me](const journal::Draft& draft) {
    recorded(draft);
    if (on_entry) on_entry(*processes_[me], draft);
  };
  return around;
}

Process& World::add(Surroundings around, const std::string& run, StorePlan plan) {
  processes_.push_back(
      std::make_unique<Process>(std::move(around), run, seed + ++begun_ * 7919, std::move(plan)));
  return *processes_.back();
}

Process& World::begin(plan::Plan plan, const std::string& run) {
  Process& process = add(around(run), run, store);
  process.begin(std::move(plan));
  return process;
}

Process& World::recover(const std::string& run, std::vector<engine::Request> gone) {
  Process& process = add(around(run), run, rivals_.contains(run) ? StorePlan{} : store);
  process.recover(std::move(gone));
  return process;
}

Process& World::rival(plan::Plan plan, const std::string& run) {
  if (const auto [at, made] = rivals_.try_emplace(run, std::make_shared<Disk>()); made)
    at->second->id = "store-2";
  Process& process = add(around(run), run, {});
  process.begin(std::move(plan));
  return process;
}

void World::fail_over() {
  const std::string now = *cluster.writable.begin();
  cluster.writable = {now == "db1" ? "db2" : "db1"};
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
  const auto rival = rivals_.find(run);
  return records_.try_emplace(run, rival == rivals_.end() ? disk : rival->second, run)
      .first->second;
}

/// In full, when one seed is told: what reached which host, and when.
void World::tell_frame(const Host& host, const Call& call) const {
  if (!std::getenv("MUSTER_SEED")) return;
  fmt::print("{:.2f} {} {} {} {}\n", static_cast<double>(ns(time.now())) / 1e9, host.name,
             name_of(call.verb), call.effect.substr(0, 8), value_of(call, "epoch"));
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

}  // namespace muster::sim
