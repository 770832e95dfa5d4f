// The targets and the network between them and the runner: real hosts' protocol, simulated faults,
// lost and late frames, hosts that die and come back; and the truth about all of it, which no
// runner can see.
#pragma once
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "ports/shell.hpp"
#include "tests/sim/dice.hpp"
#include "tests/sim/host.hpp"
#include "tests/sim/life.hpp"

namespace muster::sim {

/// Shares of frames, per mille.
struct Weather {
  unsigned lost = 0;         // never arrives
  unsigned answer_lost = 0;  // is carried out, and nobody hears of it
  unsigned late = 0;         // is stuck for up to a minute, others overtake it
  unsigned twice = 0;        // arrives again, up to a minute later
  bool calm() const { return lost + answer_lost + late + twice == 0; }
};

/// What a fault does on this fleet.
struct FaultNature {
  bool survives_reboot = false;  // a file on a disk does, a stopped process does not
  bool takes_effect = true;      // false: inject says yes to itself, verify finds nothing
  ports::Said precheck = ports::Said::yes;
  int reverts_failing = 0;  // the first so many undos do not help
  Duration takes = std::chrono::milliseconds{40};
};

struct CommandResult {
  int status = 0;
  std::string output;
  Duration takes = std::chrono::milliseconds{20};
};

/// What a phase of a restore says, and how long it takes.
struct PhaseResult {
  ports::Said said = ports::Said::yes;
  std::string evidence;
  Duration takes = std::chrono::milliseconds{200};
};

/// A fault that is live now.
struct Live {
  std::string fault, host, at, run;
  Instant since{};
};

class Fleet {
 public:
  Fleet(Timeline& time, std::uint64_t seed) : time_{time}, dice_{seed ^ 0xf1ee7} {}

  Host& add(const std::string& name);
  Host& host(const std::string& name) { return hosts_.at(name); }
  std::map<std::string, Host>& hosts() { return hosts_; }
  FaultNature& nature(const std::string& fault) { return natures_[fault]; }
  /// What a command does, by its first word.
  std::map<std::string, std::function<CommandResult(Host&, const std::vector<std::string>& argv)>>
      commands;

  /// What a phase of a restore does; restore.hpp sets it.
  std::function<PhaseResult(const ports::Call&)> phases;

  Weather weather;
  Instant stormy{};  // when a frame was last sent in no calm weather
  enum class Fate { arrives, lost, answer_lost };
  /// Decides before the weather does; for tests that lose one certain frame.
  std::function<Fate(const ports::Call&)> loses = [](const ports::Call&) { return Fate::arrives; };
  /// Called when the runner hands a frame over.
  std::function<void(const ports::Call&)> on_sent;
  /// Called when a frame begins to be carried out, before anything changes.
  std::function<void(const Host&, const ports::Call&)> on_carried_out;
  /// Called when a host has said yes to a frame that changes what it remembers.
  std::function<void(const Host&, const ports::Call&)> on_obeyed;
  /// Called when a fault goes live or is gone.
  std::function<void(const std::string& effect, const Live&, bool on)> on_change;

  // What happens to hosts, at once.
  void power(const std::string& name, bool on);
  void reboot(const std::string& name) { power(name, false), power(name, true); }
  void cut(const std::string& name, Duration length);
  void freeze(const std::string& name, Duration length);

  // The truth.
  const std::map<std::string, Live>& live() const { return live_; }
  bool hit(const std::string& host) const;  // some fault is live on it
  bool dead_man_of(const std::string& effect) const;
  void mend(const std::string& effect);  // somebody repairs it by hand

  /// The network: the answer comes once, while its process lives, never later than call.within.
  void send(ports::Call call, std::shared_ptr<Life> life, std::function<void(ports::Answer)> done);

 private:
  struct Exchange;
  using Said = ports::Said;
  void arrive(std::shared_ptr<Exchange> x);
  void carry_out(const ports::Call& call,
                 std::function<void(Said, std::string, int, std::string)> then);
  Said act(Host& host, const ports::Call& call, std::string& evidence);
  void inject(Host& host, const ports::Call& call, std::function<void(Said, std::string)> then);
  void phase(Host& host, const ports::Call& call, std::function<void(Said, std::string)> then);
  void work(Host& host, const ports::Call& call, Duration takes, bool at_end,
            std::function<void(Said over_or_yes)> then);
  Said revert(Host& host, const ports::Call& call, std::string& evidence);
  Said undo(const Host& host, const std::string& effect, Armed& armed, const char* by);
  Said sweep(Host& host, const ports::Call& call, std::string& evidence);
  Said renew(Host& host, const ports::Call& call, std::string& evidence);
  bool there(const std::string& effect) const;
  void begin_live(const std::string& effect, const Armed& armed, const std::string& at);
  void end_live(const std::string& effect);
  void watch(const std::string& host, const std::string& effect, std::uint64_t boot, Instant when);
  void dead_man(const std::string& host, const std::string& effect, std::uint64_t boot);

  Timeline& time_;
  Dice dice_;
  std::map<std::string, Host> hosts_;
  std::map<std::string, FaultNature> natures_;
  std::map<std::string, int> reverts_tried_;
  std::map<std::string, Live> live_;
  std::map<std::string, Instant> channel_;  // when the kept channel of a host is free
};

/// One process's way to the fleet.
class Shell final : public ports::Shell {
 public:
  Shell(Fleet& fleet, std::shared_ptr<Life> life) : fleet_{fleet}, life_{std::move(life)} {}
  void call(ports::Call call, std::function<void(ports::Answer)> done) override {
    fleet_.send(std::move(call), life_, std::move(done));
  }

 private:
  Fleet& fleet_;
  std::shared_ptr<Life> life_;
};

}  // namespace muster::sim
