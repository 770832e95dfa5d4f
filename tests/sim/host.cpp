#include "tests/sim/host.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace muster::sim {

using ports::Call;
using ports::Said;

std::string value_of(const Call& call, const std::string& key) {
  const auto it = call.values.find(key);
  return it == call.values.end() ? std::string{} : it->second;
}
std::uint64_t number_of(const Call& call, const std::string& key) {
  const std::string text = value_of(call, key);
  return text.empty() ? 0 : std::stoull(text);
}

std::uint64_t Host::uptime_cs(Instant now) const {
  return static_cast<std::uint64_t>((now - booted) / std::chrono::milliseconds{10});
}
Instant Host::at_uptime(std::uint64_t cs) const {
  return booted + static_cast<std::int64_t>(cs) * std::chrono::milliseconds{10};
}

std::string Host::state_of(const Armed& e) {
  return e.over ? "over" : e.held ? "held" : e.started ? "active" : "armed";
}

std::uint64_t Host::lease_left_cs(const std::string& run, Instant now) const {
  const auto it = runs.find(run);
  const auto until = it == runs.end() ? 0 : it->second.lease_cs;
  return until > uptime_cs(now) ? until - uptime_cs(now) : 0;
}

std::uint64_t Host::lock_left_cs(Instant now) const {
  if (!lock || lock->boot != boots) return 0;
  const auto until = lock->until_cs > uptime_cs(now) ? lock->until_cs - uptime_cs(now) : 0;
  return std::max(until, lease_left_cs(lock->run, now));
}

void Host::say_holder(Instant now, std::string& evidence) const {
  if (lock)
    evidence +=
        fmt::format("lock.run={}\nlock.who={}\nlock.drill={}\nlock.store={}\nlock.left_s={}\n",
                    lock->run, lock->who, lock->drill, lock->store, (lock_left_cs(now) + 99) / 100);
}

Said Host::life(const Call& call) {
  const auto told = value_of(call, "life");
  if (told.empty()) return Said::yes;
  auto& seen = lives[value_of(call, "store")];
  if (std::stoull(told) < seen) return Said::fenced;
  seen = std::stoull(told);
  return Said::yes;
}

Said Host::survey(Instant now, std::string& evidence) const {
  say_holder(now, evidence);
  for (const auto& [id, e] : effects) {
    evidence += fmt::format("effect.{}={} {} {}\nstore.{}={}\nhost.{}={}\nleft_s.{}={}\n", id,
                            e.run, e.fault, state_of(e), id, e.store, id, e.node, id,
                            (lease_left_cs(e.run, now) + 99) / 100);
    if (e.dead_man) evidence += fmt::format("deadman.{}=live\n", id);
    if (!e.healed_by.empty()) evidence += fmt::format("healed.{}={}\n", id, e.healed_by);
  }
  return Said::yes;
}

Said Host::may_sweep(const Call& call, Instant now, std::string& evidence) const {
  const Armed& e = effects.at(call.effect);
  if (value_of(call, "force") == "yes") return Said::yes;
  if (lease_left_cs(e.run, now) == 0 && state_of(e) != "held") return Said::yes;
  evidence += fmt::format("kept={}\n", state_of(e) == "held" ? "it is held" : "it is leased");
  return Said::exists;
}

Said Host::sweep_lock(const Call& call, Instant now, std::string& evidence) {
  if (!lock) return Said::yes;
  bool kept = lock_left_cs(now) > 0 && value_of(call, "force") != "yes";
  for (const auto& [id, e] : effects) kept = kept || (e.run == lock->run && e.healed_by.empty());
  if (kept) {
    evidence += "kept=the lock\n";
    return Said::exists;
  }
  lock.reset();
  return Said::yes;
}

bool Host::mine(const Call& call) const {
  const std::string store = value_of(call, "store");
  return lock && lock->run == call.run && (store.empty() || lock->store == store);
}

Said Host::facts(const Call& call, Instant now, WallTime wall, std::string& evidence) const {
  evidence += fmt::format("uptime_cs={}\nwall_ns={}\nboot_id={}-{}\nmachine_id=machine-{}\nuid=0\n",
                          uptime_cs(now), ns(wall), name, boots, name);
  std::string tools = value_of(call, "tools");
  for (std::size_t at = 0; at < tools.size();) {
    const auto end = std::min(tools.find(' ', at), tools.size());
    evidence += fmt::format("tool.{}=yes\n", tools.substr(at, end - at));
    at = end + 1;
  }
  say_holder(now, evidence);
  for (const auto& [id, e] : effects) {
    evidence += fmt::format("effect.{}={} {} {}\nstore.{}={}\n", id, e.run, e.fault, state_of(e),
                            id, e.store);
    if (!e.healed_by.empty()) evidence += fmt::format("healed.{}={}\n", id, e.healed_by);
  }
  return Said::yes;
}

Said Host::fence(const Call& call, std::string& evidence) {
  if (const Said said = life(call); said != Said::yes) return said;
  Run& run = runs[call.run];
  const auto epoch = number_of(call, "epoch");
  if (epoch < run.epoch) {
    evidence += fmt::format("epoch={}\n", run.epoch);
    return Said::fenced;
  }
  const std::string boot = fmt::format("{}-{}", name, boots);
  if (const auto meant = value_of(call, "boot_id"); !meant.empty() && meant != boot) {
    evidence += fmt::format("boot_id={}\n", boot);
    return Said::expired;
  }
  run.epoch = epoch;
  return Said::yes;
}

void Host::see_epoch(const Call& call) {
  if (const auto it = runs.find(call.run); it != runs.end())
    it->second.epoch = std::max(it->second.epoch, number_of(call, "epoch"));
}

Said Host::extend(const Call& call, Instant now, std::string& evidence) {
  if (const Said said = fence(call, evidence); said != Said::yes) return said;
  const auto until = number_of(call, "lease_until_cs");
  evidence += fmt::format("uptime_cs={}\n", uptime_cs(now));
  if (uptime_cs(now) >= until) return Said::expired;
  Run& run = runs[call.run];
  run.lease_cs = std::max(run.lease_cs, until);
  return Said::yes;
}

bool Host::abandoned(Instant now) const {
  const auto it = runs.find(lock->run);
  const std::uint64_t lease = it == runs.end() ? 0 : it->second.lease_cs;
  if (lock->boot == boots && (uptime_cs(now) <= lease || uptime_cs(now) <= lock->until_cs))
    return false;
  for (const auto& [id, e] : effects)
    if (e.run == lock->run && e.healed_by.empty()) return false;
  return true;
}

Said Host::take_lock(const Call& call, Instant now, std::string& evidence) {
  if (const Said said = life(call); said != Said::yes) return said;
  if (lock && !mine(call) && !abandoned(now)) {
    say_holder(now, evidence);
    return Said::exists;
  }
  const auto lock_s = value_of(call, "lock_s").empty() ? 300 : number_of(call, "lock_s");
  lock =
      Lock{call.run, value_of(call, "store"),      value_of(call, "who"), value_of(call, "drill"),
           boots,    uptime_cs(now) + lock_s * 100};
  if (value_of(call, "lease_until_cs").empty()) return fence(call, evidence);
  return extend(call, now, evidence);
}

Said Host::unlock(const Call& call, Instant now, std::string& evidence) {
  if (const Said said = life(call); said != Said::yes) return said;
  if (!lock) {
    evidence += "absent=yes\n";
    return Said::yes;
  }
  if (!mine(call)) {
    say_holder(now, evidence);
    return Said::exists;
  }
  lock.reset();
  for (const auto& [id, e] : effects)
    if (e.run == call.run) return Said::yes;
  runs.erase(call.run);
  return Said::yes;
}

Said Host::arm(const Call& call, Instant now, std::string& evidence) {
  if (const Said said = fence(call, evidence); said != Said::yes) return said;
  if (has_forgotten(call)) return Said::expired;
  const bool guardian = call.script.find("\n# healer: guardian\n") != std::string::npos;
  if (!guardian) {
    if (!lock) return Said::could_not;
    if (!mine(call)) {
      say_holder(now, evidence);
      return Said::exists;
    }
  }
  if (const Said said = extend(call, now, evidence); said != Said::yes) return said;
  if (effects.contains(call.effect)) return Said::exists;
  Armed e;
  e.run = call.run;
  e.store = value_of(call, "store");
  e.fault = value_of(call, "fault");
  e.node = value_of(call, "host");
  e.guardian = guardian;
  e.cap_cs = uptime_cs(now) + number_of(call, "cap_s") * 100;
  effects.emplace(call.effect, std::move(e));
  evidence += "deadman=setsid\n";
  return Said::yes;
}

Said Host::may(const Call& call, Instant now) const {
  const auto it = effects.find(call.effect);
  if (it == effects.end()) return Said::expired;
  const Armed& e = it->second;
  const auto run = runs.find(call.run);
  const Run known = run == runs.end() ? Run{} : run->second;
  if (number_of(call, "epoch") < known.epoch) return Said::fenced;
  if (e.run != call.run || e.held) return Said::could_not;
  if (!e.guardian && !mine(call)) return lock ? Said::exists : Said::could_not;
  if (e.over || uptime_cs(now) >= known.lease_cs || uptime_cs(now) >= e.cap_cs)
    return Said::expired;
  return Said::yes;
}

Said Host::hold(const Call& call) {
  const auto it = effects.find(call.effect);
  if (it == effects.end() || it->second.over) return Said::expired;
  std::string ignored;
  if (const Said said = fence(call, ignored); said != Said::yes) return said;
  it->second.held = true;
  it->second.dead_man = false;
  return Said::yes;
}

void Host::forget(const std::string& effect, const std::string& run) {
  effects.erase(effect);
  if (const auto it = runs.find(run); it != runs.end()) it->second.forgotten.insert(effect);
}

bool Host::has_forgotten(const Call& call) const {
  const auto it = runs.find(call.run);
  return it != runs.end() && it->second.forgotten.contains(call.effect);
}

Said Host::disarm(const Call& call) {
  if (const Said said = life(call); said != Said::yes) return said;
  const auto it = effects.find(call.effect);
  // What is forgotten by force may still be there: that is not remembered as undone.
  const bool force = value_of(call, "force") == "yes";
  if (it == effects.end()) {
    if (!force) forget(call.effect, call.run);
    return Said::yes;
  }
  Armed& e = it->second;
  const auto store = value_of(call, "store");
  if (!store.empty() && store != e.store) return Said::exists;
  e.over = true;
  if (e.started && e.healed_by.empty() && !force) return Said::no;
  if (force)
    effects.erase(it);
  else
    forget(call.effect, std::string{e.run});
  return Said::yes;
}

}  // namespace muster::sim
