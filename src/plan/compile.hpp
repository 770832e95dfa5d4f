// drill + inventory + people -> Plan. Pure: the same files make the same plan, with the same hash.
#pragma once
#include <optional>
#include <string>

#include "model/workspace.hpp"
#include "plan/plan.hpp"

namespace muster::plan {

struct CompileOptions {
  std::string muster = "muster";  // `${muster}`: the path of the running binary, for power commands
  bool root = true;               // the controller's own uid is 0: what the guardian can do
};

/// The name that the controller has as a host of the plan: it holds out-of-band undos.
inline constexpr std::string_view kController = "controller";

/// How the host is reached; secrets stay the references that they are.
ports::HostAddress address_of(const model::Host& host);
/// This machine itself, as a host.
ports::HostAddress controller_address();

/// Nothing when `out` got errors: an unknown fault, a parameter that does not fit, a host without a
/// power switch under node.kill, a protected host, a command probe of a service on a host.
std::optional<Plan> compile(const model::LoadedDrill& loaded, const CompileOptions& options,
                            config::Diagnostics& out);

}  // namespace muster::plan
