// The prober of real services: a thread of its own, so that the engine's work never bends the
// rhythm.
#pragma once
#include <boost/asio/io_context.hpp>
#include <functional>
#include <memory>

#include "ports/clock.hpp"
#include "ports/prober.hpp"

namespace muster::probes {

/// Called, and used, on the engine's thread, which runs `engine`; `engine` outlives this. Nothing
/// here blocks, but for the destructor: it ends the thread, closes every connection, kills the
/// commands under way, and waits for a name look-up that the system has begun. After it no callback
/// comes, not even those that are owed.
///
/// - start: a name that runs already is replaced. Names are resolved once, at start, on a worker; a
/// question
///   that cannot be asked gives failed samples. `every` and `timeout` are at least 1 ms. At most 32
///   probes of a service are under way, so a timeout above 31 times `every` makes gaps while
///   nothing answers.
/// - samples: `n` counts the probes that ran, from 1. A beat that was missed has no sample. With a
/// ledger every
///   probe is a write with this n, at the rhythm `every`; a timeout before the row was sent is
///   `failed`.
/// - stop: a service that does not run is done at once. Do not start a name again before its stop
/// is done.
/// - evidence is printable and at most 1 KiB; no password of a conninfo is in it or in `why`.
/// - postgres: `service=` and PGSERVICE are understood; a service file's connection is tried once
/// at start.
class RealProber : public ports::Prober {
 public:
  /// Makes the clock of the probe thread on that thread's io_context. It is destroyed before that
  /// is.
  using MakeClock = std::function<std::unique_ptr<ports::Clock>(boost::asio::io_context&)>;

  RealProber(boost::asio::io_context& engine, const MakeClock& make_clock);
  ~RealProber() override;

  void start(ports::ServiceProbe probe,
             std::function<void(std::vector<measure::Sample>)> sink) override;
  void stop(const std::string& service, std::function<void()> done) override;
  void ask(const catalogue::ProbeSpec& probe, Duration timeout,
           std::function<void(ports::ProbeAnswer)> done) override;
  void read_back(const ports::ServiceProbe& probe, Duration timeout,
                 std::function<void(ports::ReadBack)> done) override;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace muster::probes
