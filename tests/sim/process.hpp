// One process of Muster over the simulated world: store, writer, machine and driver, as cli/ wires
// them for real. It dies as a process does: at once, between two writes, with its frames still on
// their way.
#pragma once
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/driver.hpp"
#include "tests/sim/cluster.hpp"
#include "tests/sim/fleet.hpp"
#include "tests/sim/life.hpp"
#include "tests/sim/store.hpp"

namespace muster::sim {

struct Surroundings {
  Timeline& time;
  Fleet& fleet;
  Cluster& cluster;
  std::shared_ptr<Disk> disk;
  /// Each entry of this process once it is durable.
  std::function<void(const journal::Draft&)> seen = [](const journal::Draft&) {};
  /// What other runs of its store have left on hosts.
  std::function<std::map<std::string, std::string>()> elsewhere = {};
  /// What a calendar says when it is asked.
  std::function<std::string()> frozen = {};
};

class Process {
 public:
  /// `ids`: the seed of the effects' ids, another one for each process.
  Process(Surroundings around, std::string run, std::uint64_t ids, StorePlan store);
  ~Process() { kill(); }
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;

  void begin(plan::Plan plan);
  /// Reads plan and entries from the store, as `muster recover` does; nothing else is known.
  void recover(std::vector<engine::Request> gone = {});
  /// "" when it was taken.
  std::string request(engine::Request request);
  std::string abort(const std::string& why);
  void kill();
  /// SIGSTOP, and SIGCONT after that long.
  void stop_for(Duration length) { life_->stop_for(length); }

  /// What goes wrong in its store from now on.
  StorePlan& store_plan() { return store_.plan(); }

  bool dead() const { return life_->dead(); }
  bool over() const { return over_; }
  /// Neither is anything to be expected of it.
  bool ended() const { return dead() || over() || !refused_.empty(); }
  /// Why it did not even begin.
  const std::string& refused() const { return refused_; }
  bool record_lost() const { return driver_ && driver_->record_lost().has_value(); }
  const engine::Machine* machine() const { return machine_.get(); }
  const std::string& run() const { return run_; }

 private:
  void open(std::function<void()> then);
  engine::Settings settings();
  void wire();

  Surroundings around_;
  std::string run_;
  std::shared_ptr<Life> life_;
  Dice ids_, salts_;
  Store store_;
  journal::Writer writer_;
  // Before the ports: they outlive what calls back into them.
  std::unique_ptr<engine::Machine> machine_;
  std::unique_ptr<engine::Driver> driver_;
  Clock clock_;
  Shell shell_;
  Prober prober_;
  std::vector<journal::Entry> entries_;  // of recover
  bool over_ = false;
  std::string refused_;
};

journal::Context context_of(const std::string& run);

}  // namespace muster::sim
