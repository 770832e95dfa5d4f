// Probes, and what holds one (services, conditions), as data: made from the catalogue's kinds.
#pragma once
#include <vector>

#include "catalogue/probe.hpp"
#include "model/shapes.hpp"

namespace muster::model {

/// `http: {url: …, status: …}`: the long form of one kind. Static.
const Shape& probe_shape(const catalogue::ProbeKind& kind);

/// One for each kind of probe, in their order; the first key is the kind's.
const std::vector<const Shape*>& service_shapes();
/// That of `service: NAME` first, then one for each kind of probe.
const std::vector<const Shape*>& condition_shapes();
const Shape& ledger_shape();

/// What stands under `services:` by name, under `check:` and under `wait:`.
config::Type service_type();
config::Type condition_type();

}  // namespace muster::model
