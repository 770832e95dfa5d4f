// What an audit pack of a drill would lack, told before the drill: from its file and what stands
// around it, not from a run. The fields are those that frameworks ask for (SOC 2 A1.2 and A1.3, ISO
// 22301 8.5, ISO 27001 A.5.29 and A.5.30, NIST 800-53 CP-4, PCI DSS 12.10.2, DORA 24 and 25, FFIEC
// BCM VII.K); which of them a reader needs, the reader knows. Pure.
#pragma once
#include <string>
#include <vector>

#include "model/drill.hpp"

namespace muster::history {

struct Gap {
  std::string field;  ///< of the evidence: "objectives", "deputies", …
  std::string lacks;  ///< one sentence: what is missing, and the key that would give it
};

/// What is not in the drill's own file.
struct Around {
  bool witness_named = false;    ///< a witness whose keeper is named
  bool retention_named = false;  ///< how long the record is kept
};

/// In a fixed order.
std::vector<Gap> gaps_of(const model::Drill& drill, const Around& around);

}  // namespace muster::history
