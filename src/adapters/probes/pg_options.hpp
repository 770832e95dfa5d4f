// A libpq conninfo, read once: defaults, service file and environment are applied as libpq does,
// and every host name is pinned to its addresses, since libpq would resolve it on the probe thread,
// blocking.
#pragma once
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "adapters/probes/resolve.hpp"
#include "base/result.hpp"

namespace muster::probes {

/// Keywords and values for PQconnectStartParams. May hold a password: never shown.
using PgOptions = std::vector<std::pair<std::string, std::string>>;

/// Nothing: there is a name to resolve or a service file to read, and `names` did not allow it. A
/// name with several addresses becomes several hosts, which libpq tries in that order; the name
/// stays what certificates and pgpass are matched with. With a service file libpq opens one
/// connection, which is closed at once.
Result<std::optional<PgOptions>> pinned_options(const std::string& conninfo, Names names);

}  // namespace muster::probes
