// "Does this URL answer as it should?" One request on a connection of its own, so that the sample
// holds what a new client sees, connection included. Redirects are answers, not followed.
#pragma once
#include "adapters/probes/resolve.hpp"
#include "adapters/probes/slot.hpp"
#include "catalogue/probe.hpp"

namespace muster::probes {

/// Of a body at most this much is read; a larger one fails a probe that looks for text in it.
inline constexpr std::size_t kBodyBytesMax = 1u << 20;

Result<std::optional<MakeSlot>> prepare_http(const catalogue::ProbeSpec& probe, Names names);

}  // namespace muster::probes
