// How each kind is asked that needs no header of its own. Of the signature that registry.hpp tells.
#pragma once
#include <optional>

#include "adapters/probes/resolve.hpp"
#include "adapters/probes/slot.hpp"
#include "base/result.hpp"
#include "catalogue/probe.hpp"

namespace muster::probes {

Result<std::optional<MakeSlot>> prepare_dns(const catalogue::ProbeSpec& spec, Names names);
Result<std::optional<MakeSlot>> prepare_file(const catalogue::ProbeSpec& spec, Names names);
Result<std::optional<MakeSlot>> prepare_mariadb(const catalogue::ProbeSpec& spec, Names names);
Result<std::optional<MakeSlot>> prepare_redis(const catalogue::ProbeSpec& spec, Names names);
Result<std::optional<MakeSlot>> prepare_tls(const catalogue::ProbeSpec& spec, Names names);

}  // namespace muster::probes
