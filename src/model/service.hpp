// A service: the probe that stands for the users. The clocks read it.
#pragma once
#include <optional>
#include <string>

#include "base/time.hpp"
#include "model/probe.hpp"

namespace muster::model {

/// Acknowledged writes through the service's own door; the RPO reads it.
struct Ledger {
  Place place;
  double rate = 10;  ///< Writes per second.
  std::string table = "muster_ledger";
};

/// `99% over 10s`: the service counts as up from the start of the first window of which that holds.
struct UpRule {
  double share = 0.99;
  Duration window = std::chrono::seconds{10};
};

enum class Outage {
  expected,  ///< None seen: the drill is INVALID.
  tolerated  ///< None seen: fine, and reported.
};

struct Service {
  Located<std::string> name;
  Probe probe;
  std::optional<Ledger> ledger;              ///< Only of a postgres probe.
  Duration every = std::chrono::seconds{1};  ///< With a ledger: the time between its writes.
  Duration timeout = std::chrono::seconds{1};
  UpRule up;
  Duration warm_up = std::chrono::seconds{30};
  Outage outage = Outage::expected;
};

}  // namespace muster::model
