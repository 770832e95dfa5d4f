// Probes and ledgers as the engine sees them. The real prober has a thread of its own with an
// absolute rhythm; the simulated one asks the simulated fleet.
#pragma once
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/time.hpp"
#include "catalogue/probe.hpp"
#include "measure/ledger.hpp"
#include "measure/sample.hpp"

namespace muster::ports {

/// What the clocks read: one service, asked at a fixed rhythm. With a ledger every probe is a
/// write.
struct ServiceProbe {
  std::string service;
  catalogue::ProbeSpec probe;
  std::optional<catalogue::LedgerSpec> ledger;
  std::string ledger_key;  // HMAC key of this run's writes; random, not a secret of the service
  std::string run;
  Duration every{};
  Duration timeout{};
};

struct ProbeAnswer {
  measure::Sample sample;
  std::string evidence;  // first row, status line, output: printable, bounded
  // The question went out, also when no answer came. False: it could not be asked (a name that is
  // not resolved, a command that is not there), so nothing is known of whom it was for.
  bool asked = false;
};

/// What the recovered service holds of this run's writes.
struct ReadBack {
  bool read = false;  // false: could not be read; the result is unknown
  std::string why;
  measure::Survivors survivors;
};

/// Used from the engine's thread; callbacks run on it.
class Prober {
 public:
  virtual ~Prober() = default;
  /// Batches come about once a second while it runs, in order of completion; an empty batch tells
  /// that time went by.
  virtual void start(ServiceProbe probe,
                     std::function<void(std::vector<measure::Sample>)> sink) = 0;
  /// Stops the rhythm; what is in flight is given to the sink first, then `done`.
  virtual void stop(const std::string& service, std::function<void()> done) = 0;
  /// Asks once.
  virtual void ask(const catalogue::ProbeSpec& probe, Duration timeout,
                   std::function<void(ProbeAnswer)> done) = 0;
  /// Reads the ledger of a started (or stopped) service through the same door.
  virtual void read_back(const ServiceProbe& probe, Duration timeout,
                         std::function<void(ReadBack)> done) = 0;
};

}  // namespace muster::ports
