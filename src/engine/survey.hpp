// What of Muster is on a host, as the verb `survey` tells it: no record is needed to read it. Pure.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "ports/shell.hpp"

namespace muster::engine {

/// An effect that is armed there. What an older Muster did not tell is empty.
struct FoundEffect {
  std::string id, run, fault;
  std::string state;  // armed | active | over | held; "arming": its arming did not come to its end
  std::string store, who, drill;
  std::string host;       // whom it hits; another host when this one is its guardian
  std::string healed_by;  // set: proven undone
  bool dead_man = false;  // lives
  std::optional<std::int64_t> age_s;
  std::int64_t left_s = 0;  // of the lease: above zero its run may be alive
};

struct FoundLock {
  std::string run, who, drill, store;
  std::int64_t left_s = 0;
};

/// Something that carries an effect's id, and that effect is armed nowhere on the host.
struct FoundLeftover {
  std::string
      kind;  // nft, iptables, ip6tables, holder (of an open file), file, copy (restored data)
  std::string effect;
  std::string where;
};

struct Survey {
  bool reached = false;
  std::string why;  // not reached: for people
  std::string uid;  // as whom it was looked at: only root sees what root has armed
  std::optional<FoundLock> lock;
  std::vector<FoundEffect> effects;  // the last one armed first
  std::vector<FoundLeftover> leftovers;
  std::vector<std::string> not_searched;  // places, for people

  std::size_t found() const { return (lock ? 1 : 0) + effects.size() + leftovers.size(); }
};

Survey read_survey(const ports::Answer& answer);

}  // namespace muster::engine
