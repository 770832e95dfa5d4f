// A target as the protocol sees it: what lies in its state folder, and nothing else. The rules are
// those of catalogue/target/*.sh and docs/protocol.md; which fault is really live is the fleet's to
// know.
#pragma once
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>

#include "ports/shell.hpp"

namespace muster::sim {

/// One armed effect: a folder with markers on a real target.
struct Armed {
  std::string run, store, fault;
  std::string node;  // whom it hits: another host when this one is the guardian
  std::uint64_t cap_cs = 0;
  bool started = false, over = false, held = false;
  bool guardian = false;  // armed here on behalf of the node
  bool dead_man = true;
  bool recalled = false;  // not armed here: an undo brought its script
  std::string healed_by;
  std::uint64_t healed_cs = 0;  // uptime of its host then
};

struct Host {
  struct Lock {
    std::string run, store, who, drill;
    std::uint64_t boot = 0, until_cs = 0;
  };
  struct Run {
    std::uint64_t epoch = 0, lease_cs = 0;
    std::set<std::string> forgotten;  // effects
  };

  std::string name;
  bool up = true;
  std::uint64_t boots = 1;
  Instant booted{};
  Instant cut_until{};     // no frame comes or goes
  Instant frozen_until{};  // nothing runs on it, not even the dead-man
  // In memory: a reboot takes it away.
  std::optional<Lock> lock;
  std::map<std::string, Run> runs;
  std::map<std::string, Armed> effects;
  std::map<std::string, std::uint64_t> lives;  // the last one seen of each store

  std::uint64_t uptime_cs(Instant now) const;
  Instant at_uptime(std::uint64_t cs) const;

  // Each says what the verb says, and adds its lines of evidence.
  using Said = ports::Said;
  Said facts(const ports::Call& call, Instant now, WallTime wall, std::string& evidence) const;
  Said take_lock(const ports::Call& call, Instant now, std::string& evidence);
  Said unlock(const ports::Call& call, Instant now, std::string& evidence);
  /// Without the precheck, which is the fault's own.
  Said arm(const ports::Call& call, Instant now, std::string& evidence);
  Said hold(const ports::Call& call);
  Said disarm(const ports::Call& call);
  /// Only fence and lease; what each effect says is the fleet's to add.
  Said extend(const ports::Call& call, Instant now, std::string& evidence);
  /// yes: inject or a phase may begin now.
  Said may(const ports::Call& call, Instant now) const;
  Said fence(const ports::Call& call, std::string& evidence);
  /// Of an undo, which is taken from anybody.
  void see_epoch(const ports::Call& call);

  /// No later life of the same store was here.
  Said life(const ports::Call& call);
  Said survey(Instant now, std::string& evidence) const;
  /// Of one effect: may it be swept? yes, or exists.
  Said may_sweep(const ports::Call& call, Instant now, std::string& evidence) const;
  /// What is beside effects: the lock.
  Said sweep_lock(const ports::Call& call, Instant now, std::string& evidence);

  void forget(const std::string& effect, const std::string& run);
  bool has_forgotten(const ports::Call& call) const;
  static std::string state_of(const Armed& effect);

 private:
  bool abandoned(Instant now) const;
  void say_holder(Instant now, std::string& evidence) const;
  std::uint64_t lock_left_cs(Instant now) const;
  std::uint64_t lease_left_cs(const std::string& run, Instant now) const;
  bool mine(const ports::Call& call) const;
};

std::string value_of(const ports::Call& call, const std::string& key);
std::uint64_t number_of(const ports::Call& call, const std::string& key);

}  // namespace muster::sim
