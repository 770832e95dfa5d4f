// What a drill must reach (reference: measurement). Durations are exact; a missing one is not
// judged.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/time.hpp"
#include "model/text.hpp"

namespace muster::model {

struct ServiceObjective {
  Located<std::string> service;
  std::optional<Located<Duration>> rto;
  std::optional<Located<Duration>> rpo;  ///< Never 0: that is lost_writes: 0.
  std::optional<Located<std::int64_t>> lost_writes;
  std::optional<Located<Duration>> mtpd;  ///< Never below the RTO.
  bool from_inject = false;               ///< The clock starts at the injection, not at the outage.
};

struct Objectives {
  std::vector<ServiceObjective> services;
  std::optional<Located<Duration>> restore;   ///< Technical restore time.
  std::optional<Located<Duration>> data_age;  ///< Of what a restore brings back.
  const ServiceObjective* service(std::string_view name) const;
};

/// Declared parts of an estimated RTO of a restore test; reported as an estimate only.
struct Estimate {
  Place place;
  Duration rto{};
  Duration detect{};
  Duration decide{};
  Duration reroute{};
};

}  // namespace muster::model
