// The way of every effect: announce, arm, inject, prove; keep its lease; revert, prove, disarm; or
// hold it. The order of writes is reference/journal.md's, the fence and the lease are
// reference/protocol.md's. Internal to engine/.
#pragma once
#include <deque>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "engine/core.hpp"

namespace muster::engine {

class Effects {
 public:
  /// `on_lost`: an effect that should be there has been reverted by its healer, or by somebody.
  Effects(Core& core, std::function<void(const std::string& why)> on_lost)
      : core_{core}, on_lost_{std::move(on_lost)} {}

  struct Wanted {
    std::string step;
    std::string host;
    const plan::Script* script = nullptr;
    std::map<std::string, std::string> values;  // bound
    bool restore = false;
  };
  /// Records the intent and returns the effect's id. Nothing is sent.
  std::string announce(const Wanted& wanted);

  using Done = std::function<void(bool ok, const std::string& why)>;
  /// Puts script, parameters and dead-man to the healer, and reads them back.
  void arm(const std::string& id, Done done);
  /// After arm: injects and proves. Not proven means that it is reverted at once. `standard_input`:
  /// what the command of a `run` reads; it is recorded nowhere.
  void inject(const std::string& id, const std::string& standard_input, Done done);
  /// A restore's phases put it in; its proof is the flow's.
  void proven(const std::string& id, Instant sent, Instant done, const std::string& evidence);

  /// Idempotent; `done` once it is over or given up.
  void revert(const std::string& id, const std::string& why, Done done);
  /// All that may be live and is not held, the last one first.
  void revert_all(const std::string& why, std::function<void()> done);
  /// Takes every live effect's dead-man off, because a no-return step is next. Not all proven: not
  /// ok. What it held is then reverted again; also when nobody wants it any more (`wanted`) once it
  /// is proven. One after the other: a second one waits for what the first one holds.
  void hold_all(std::function<bool()> wanted, Done done);
  /// The no-return step's command was certainly not sent: nothing is built upon what was held for
  /// it.
  void not_taken(const std::string& step) { not_taken_.insert(step); }
  /// Gives back what is left on the hosts of effects that are over: the markers of those that are
  /// held, and of those that are undone whose disarm was not answered. After a takeover that is not
  /// known of any.
  void disarm_all(std::function<void()> done);
  /// The host will never come back: nothing is to be undone on it any more. Records so of all that
  /// is not over there. `wiped`: what was restored to it is declared destroyed.
  void declare_gone(const std::string& host, const std::string& why, bool wiped);
  /// A person answers for what cannot be proven undone on this host: an undo there is tried once.
  void answered_for(const std::string& host, const std::string& why) { answered_for_[host] = why; }
  /// What could not be proven undone even then is moot; its markers go with disarm_all.
  void declare_mended();
  /// Reverts that are still being tried are given up: the person wants to know now.
  void stop_waiting();
  bool is_impatient() const { return impatient_; }

  /// From each answer of a host that tells its uptime: what leases are counted in.
  void note_uptime(const std::string& host, const ports::Answer& answer);

 private:
  struct Uptime {
    std::uint64_t cs = 0;
    Instant as_of{};       // the reading was made before this,
    Instant not_before{};  // and after that
  };
  struct Lease {
    bool renewing = false;
    bool missed = false;  // another one fell due meanwhile
    bool started = false;
    Instant last_good{};
  };
  struct Reverting {
    Instant since{};
    int attempts = 0;
    std::vector<Done> done;
    std::function<void()> next;  // called after the first attempt
    bool call_out = false;
    bool lease_lost = false;  // already when it began: from then on its healer may act at any time
  };

  const journal::EffectState& effect(const std::string& id) const {
    return *core_.state().effect(id);
  }
  ports::Call call_for(const journal::EffectState& effect, ports::Verb verb) const;
  std::string lease_until(const std::string& host) const;
  void not_armed(const std::string& id, const std::string& why, const Done& done);
  /// Which start of the host its facts are of; "" when it did not tell.
  std::string boot_of(const std::string& host) const;
  bool started_anew(const std::string& host, const ports::Answer& answer) const;
  /// A host that was started anew has forgotten its lock, and counts its uptime from zero.
  void lock_again(const std::string& host, Done done);

  void keep_lease(const std::string& host);
  ports::Call renewal_of(const std::string& host) const;
  void renewal_due(const std::string& host);
  void renew(const std::string& host);
  void renewed(const std::string& host, const std::set<std::string>& live,
               const ports::Answer& answer);
  void not_renewed(const std::string& host, const ports::Answer& answer);
  void look_at_each(const std::string& host, const std::set<std::string>& live,
                    const ports::Answer& answer);
  void gone(const std::string& host, const std::set<std::string>& ids);
  bool needs_lease(const std::string& host) const;
  bool lease_lost(const std::string& host) const;
  void record_lease(std::string_view kind, const std::string& host, Json data);
  void disarm(const std::string& id, std::function<void()> done);
  bool is_due(const journal::EffectState& effect) const;
  /// It is held, and a no-return step rests on it.
  bool is_built_upon(const journal::EffectState& effect) const;
  void try_revert(const std::string& id);
  void revert_answered(const std::string& id, const ports::Answer& answer);
  bool healed_before(const std::string& host, Instant since, const ports::Answer& answer) const;
  void undone(const std::string& id, Instant since, const ports::Answer& answer);
  /// `why` it is not undone; "" when it is.
  void finish_revert(const std::string& id, const std::string& why, bool unreachable = false);
  void end_revert(const std::string& id, const std::string& why);
  void ask_before_hold(const std::vector<std::string>& ids,
                       std::function<void(const std::string& problem)> done);
  void take_off(const std::vector<std::string>& ids, Done done);
  std::vector<std::string> to_hold(std::string& problem) const;
  void give_up_hold(const std::vector<std::string>& ids);

  Core& core_;
  std::function<void(const std::string&)> on_lost_;
  std::map<std::string, Uptime> uptimes_;
  std::map<std::string, Lease> leases_;
  std::map<std::string, Reverting> reverting_;
  std::set<std::string> disarmed_;                          // the host has said so
  std::map<std::string, std::function<void()>> disarming_;  // asked, and who waits for the answer
  std::set<std::string> forgotten_;  // their host knows nothing of them any more
  std::set<std::string> mended_;     // verified to be gone though nobody of us reverted it
  std::map<std::string, std::string> answered_for_;  // hosts, and what the person says
  std::set<std::string> not_taken_;                  // no-return steps
  bool holding_ = false;
  std::deque<std::function<void()>> after_hold_;
  bool impatient_ = false;
};

/// Why a call did not say yes, for people.
std::string told(const ports::Answer& answer);

/// `key=value` lines of a target's evidence.
std::map<std::string, std::string> fields_of(const std::string& evidence);

}  // namespace muster::engine
