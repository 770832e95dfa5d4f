// The simulated store: in memory, deterministic, answers through the simulation's scheduler, and
// goes wrong where a test says so. A Disk outlives the runner that is killed; a Store is one
// process's hold on it.
#pragma once
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "ports/store.hpp"

namespace muster::sim {

/// What is on stable storage. Tests may look at it, and tamper with it.
struct Disk {
  struct Log {
    std::vector<std::string> entries;
    std::uint64_t epoch = 0;
    ports::Tip erased;  ///< where it ended when its entries were removed
  };
  std::map<ports::LogId, Log> logs;
  std::map<std::string, std::string> rows;
  std::map<Digest, std::string> blobs;
  std::string id = "store-1";  ///< what targets know it by
  std::uint64_t life =
      1;  ///< rises with each process that takes over; an old copy has an older one
  std::uint64_t writes = 0;  ///< commits, blobs and holds that were ever asked for, on this disk

  ports::Tip tip(const ports::LogId& log) const;
};

/// What becomes of one write.
enum class Fault {
  full,            ///< no room for it
  failed,          ///< the medium fails; poisons the Store, the Disk lives on
  unknown_landed,  ///< the connection is lost at COMMIT: it is there
  unknown_lost,    ///< ... and it is not there
  conflict,        ///< somebody else was faster at a guard
  killed_before,   ///< the runner dies with the write accepted and nothing of it durable
  killed_after,    ///< the runner dies with the write durable and the answer not given
};

struct StorePlan {
  /// By the number of the write on this disk, from 1 on (Disk::writes).
  std::map<std::uint64_t, Fault> faults;
  /// How long each call takes; calls stay in order whatever it says.
  std::function<Duration()> latency = [] { return Duration{1'000'000}; };
  /// Called at killed_*, with the store dead already: end the runner here.
  std::function<void()> on_kill;
};

class Store final : public ports::Store {
 public:
  /// Runs `fn` on the simulation's thread when so much virtual time has passed; of two that are due
  /// at the same time, the one asked for first comes first.
  using After = std::function<void(Duration, std::function<void()>)>;

  Store(std::shared_ptr<Disk> disk, After after, StorePlan plan = {});
  /// As kill(): what was not durable is lost, what waits for an answer gets none.
  ~Store() override;

  /// The process dies here.
  void kill();
  bool killed() const;
  /// May be changed while it runs.
  StorePlan& plan();

  void commit(ports::Batch batch, ports::OnCommit answer) override;
  void tip(ports::LogId log, ports::OnAnswer<ports::Tip> answer) override;
  void entries(ports::LogId log, std::uint64_t from, std::size_t bytes_max,
               ports::OnAnswer<std::vector<ports::Stored>> answer) override;
  void scan(std::string prefix, std::string after, std::size_t rows_max,
            ports::OnAnswer<std::vector<ports::Row>> answer) override;
  void put_blob(std::string bytes, ports::OnAnswer<Digest> answer) override;
  void blob(Digest name, ports::OnAnswer<std::string> answer) override;
  void erase(ports::Erasure what, ports::OnAnswer<void> answer) override;
  void hold(ports::LogId log, Duration ttl, ports::OnAnswer<std::uint64_t> answer) override;
  void release(ports::LogId log, std::uint64_t epoch, ports::OnAnswer<void> answer) override;

 private:
  struct Process;
  std::shared_ptr<Process> process_;
};

}  // namespace muster::sim
