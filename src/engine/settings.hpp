// What the machine must be told from outside, once.
#pragma once
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "base/time.hpp"
#include "journal/entry.hpp"
#include "plan/calls.hpp"

namespace muster::engine {

struct Settings {
  journal::Context context;  // drill, run, epoch, boot id, who started it
  std::string store;  // names the store on the targets: a lock and a marker belong to one store
  // Rises with each process that writes this store; 0: not told. Targets refuse a lower one than
  // they have seen: it comes from an old copy of the store.
  std::uint64_t life = 0;
  std::string version;             // of this binary
  std::string workspace;           // for people
  journal::Actor opened_by;        // without a principal: the context's
  Json consent;                    // what run.opened says of who let it begin; null or an object
  std::vector<std::string> dirty;  // earlier runs that are not proven undone, gone on despite
  /// By host, what other runs of this store are at there, or left and did not prove undone; asked
  /// whenever guardrails count. None: nothing.
  std::function<std::map<std::string, std::string>()> hit_by_others;
  /// Asked before each step begins and before each effect is announced: "" or why nothing may be
  /// injected now (a freeze, or a calendar that cannot be believed). None: it always may.
  std::function<std::string()> frozen;
  // Monitoring can hand alerts over to this process: that none came then means something.
  bool receives_alerts = false;
  /// 128-bit ids for effects and keys. Random for real, from the seed in simulation.
  std::function<std::string()> new_id;
  /// Takes the run's secrets out of what a person wrote, before it is looked at; none: nothing.
  std::function<std::string(std::string)> without_secrets;

  Duration lease = plan::kLease;  // a dead runner's faults revert after this
  Duration renew_every = std::chrono::seconds{5};
  Duration renew_within =
      std::chrono::seconds{10};  // it verifies each effect too; one may be lost in a lease
  Duration lock_lease = std::chrono::minutes{5};  // a dead runner's hosts are free after this
  Duration relock_every = std::chrono::seconds{90};
  Duration call_within = std::chrono::seconds{15};  // of a frame that does no work of the user's
  Duration revert_within = std::chrono::seconds{120};
  Duration retry_every = std::chrono::seconds{2};  // reverts that did not succeed
  Duration revert_patience =
      std::chrono::seconds{60};  // how long they are tried before it is a REVERT_FAILED
  Duration poll_every = std::chrono::seconds{1};  // conditions that are asked once at a time
};

}  // namespace muster::engine
