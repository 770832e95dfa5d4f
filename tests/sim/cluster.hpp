// What the clients of the simulated fleet see: a database on one host, a standby that lags behind,
// and a front door that points at one of them. Its commands are those that the tests' plans run.
#pragma once
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "ports/prober.hpp"
#include "tests/sim/fleet.hpp"

namespace muster::sim {

class Cluster {
 public:
  Cluster(Timeline& time, Fleet& fleet);

  bool serves() const;  // a client's question through the front door would be answered now
  /// A client's write through the front door; false: not acknowledged.
  bool write(std::uint64_t n);
  measure::Survivors survivors() const;
  bool split() const;  // two databases take writes

  Duration lag = std::chrono::seconds{2};  // of the standby
  bool silent = false;  // questions that are asked once go out, and no answer comes
  bool askable = true;  // they can be asked at all
  std::string front = "db1";
  std::set<std::string> writable{"db1"};

 private:
  Timeline& time_;
  Fleet& fleet_;
  std::map<std::string, std::map<std::uint64_t, Instant>> rows_;  // host -> n -> when
};

/// One process's way to it.
class Prober final : public ports::Prober {
 public:
  Prober(Timeline& time, Cluster& cluster, std::shared_ptr<Life> life)
      : time_{time}, cluster_{cluster}, life_{std::move(life)} {}
  using Sink = std::function<void(std::vector<measure::Sample>)>;
  void start(ports::ServiceProbe probe, Sink sink) override;
  void stop(const std::string& service, std::function<void()> done) override;
  void ask(const catalogue::ProbeSpec& probe, Duration timeout,
           std::function<void(ports::ProbeAnswer)> done) override;
  void read_back(const ports::ServiceProbe& probe, Duration timeout,
                 std::function<void(ports::ReadBack)> done) override;

  Duration batch_every = std::chrono::seconds{1};

 private:
  struct Rhythm {
    ports::ServiceProbe probe;
    Sink sink;
    std::uint64_t n = 0;
    std::vector<measure::Sample> samples;
    Instant next_batch{};
    bool on = true;
  };
  void beat(const std::shared_ptr<Rhythm>& r);
  measure::Sample sample(std::uint64_t n, Duration timeout, bool write);

  Timeline& time_;
  Cluster& cluster_;
  std::shared_ptr<Life> life_;
  std::map<std::string, std::shared_ptr<Rhythm>> rhythms_;
};

}  // namespace muster::sim
