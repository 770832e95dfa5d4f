// Before anything is touched: every host answers, is who it says it is, has what the plan needs,
// and is nobody else's; every slot that is chosen by its role has exactly one host; then all that a
// step touches are locked, in sorted order, and stay so. Anything amiss is NOT_RUN. Internal to
// engine/.
#pragma once
#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "engine/core.hpp"
#include "engine/effects.hpp"
#include "engine/markers.hpp"

namespace muster::engine {

class Preflight {
 public:
  /// `on_lost`: another run has taken a host that this one had locked.
  Preflight(Core& core, Effects& effects, std::function<void(const std::string& why)> on_lost)
      : core_{core}, effects_{effects}, on_lost_{std::move(on_lost)} {}

  /// `done` gets all problems; none: the hosts are locked and the targets are bound.
  void begin(std::function<void(std::vector<std::string> problems)> done);

  /// Asks the slot's question on the host that was chosen: it must still hold just before an
  /// effect.
  void confirm_role(const std::string& slot,
                    std::function<void(bool ok, const std::string& why)> done);

  /// Gives back what was locked; hosts that do not answer are left to their lock's own run id.
  void unlock_all(std::function<void()> done);

  /// After another process died over this run: its locks are this run's, whichever it had taken.
  void adopt_locks();

  /// The host is gone for good: there is no lock to give back.
  void forget(const std::string& host) { std::erase(locked_, host); }

  const std::vector<std::string>& hosts_of(const std::string& slot) const;

 private:
  struct Needs {
    std::set<std::string> tools;
    bool effects = false;  // something is armed there
  };
  std::map<std::string, Needs> needs() const;
  void refuse_protected();
  void ask_facts();
  void facts_answered(const std::string& host, const ports::Answer& answer);
  std::vector<std::string> judge_facts(const std::string& host, const ports::Answer& answer) const;
  std::string wrong_gate(const std::string& host, const Facts& facts) const;
  void forget_old(const std::string& host, const std::string& effect);
  void all_facts();
  void same_machine_twice();
  void ask_roles();
  void role_asked(const plan::Slot& slot, std::vector<std::string> yes,
                  std::vector<std::string> unsure);
  void bind_targets();
  std::set<std::string> touched() const;
  void lock_next();
  void keep_locks();

  Core& core_;
  Effects& effects_;
  std::function<void(const std::string&)> on_lost_;
  std::function<void(std::vector<std::string>)> done_;
  std::map<std::string, Needs> needs_;
  std::map<std::string, std::vector<std::string>> chosen_;
  std::vector<std::string> problems_;
  std::size_t pending_ = 0;
  std::vector<std::string> to_lock_;
  std::vector<std::string> locked_;
  bool locking_ = false;                 // a lock was asked for and is not answered
  bool stopped_ = false;                 // all is given back: nothing more is taken
  std::function<void()> when_answered_;  // what waits for that lock's answer
};

}  // namespace muster::engine
