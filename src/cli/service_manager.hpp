// What a service manager is told (sd_notify(3): one datagram of KEY=VALUE lines to $NOTIFY_SOCKET).
// Without one nothing is told, and nothing fails.
#pragma once
#include <optional>
#include <string_view>

#include "base/time.hpp"

namespace muster::cli {

/// "READY=1", "WATCHDOG=1", "STATUS=…", "STOPPING=1"; several lines in one.
void tell_service_manager(std::string_view lines);
/// How often it wants to hear WATCHDOG=1 at the latest ($WATCHDOG_USEC, of this process).
std::optional<Duration> watchdog_interval();

}  // namespace muster::cli
