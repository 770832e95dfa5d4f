// Which channels are told, and how often delivery is tried. Pure.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "notify/notice.hpp"

namespace muster::notify {

/// Names of channels, each once, in the order of the routes. `ahead`: of an announcement; a route
/// with `at` wants only those.
std::vector<std::string> channels_for(const model::Notifications& notifications,
                                      const Notice& notice,
                                      std::optional<Duration> ahead = std::nullopt);

/// How long to wait after so many failed attempts at a notice that was queued so long ago; nothing:
/// it is given up. Doubles from 2 s to 15 min, for a day.
std::optional<Duration> wait_after(unsigned attempts, Duration age);

}  // namespace muster::notify
