// From a question as the catalogue writes it to slots that can ask it: everything that can be
// refused is refused here, and names become addresses.
#pragma once
#include "adapters/probes/postgres.hpp"
#include "adapters/probes/resolve.hpp"
#include "adapters/probes/slot.hpp"
#include "catalogue/probe.hpp"
#include "ports/prober.hpp"

namespace muster::probes {

/// Nothing: the answer needs Names::resolve, on a worker.
using Prepare = std::function<Result<std::optional<MakeSlot>>(Names)>;

Prepare question(const catalogue::ProbeSpec& spec);
/// The service's own question, or a write when it has a ledger.
Prepare question(const ports::ServiceProbe& service);
Prepare read_back_question(const ports::ServiceProbe& service,
                           std::shared_ptr<measure::Survivors> survivors);

}  // namespace muster::probes
