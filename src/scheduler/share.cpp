#include "scheduler/share.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace muster::scheduler {

namespace {

std::size_t shared(const std::vector<std::string>& some, const std::vector<std::string>& others) {
  return static_cast<std::size_t>(
      std::count_if(some.begin(), some.end(), [&](const std::string& host) {
        return std::find(others.begin(), others.end(), host) != others.end();
      }));
}

/// Of all but `own`: how many of the share's hosts they may work on.
std::size_t taken(const Share& share, const Running& own, const std::vector<Running>& all) {
  std::size_t count = 0;
  for (const auto& run : all)
    if (&run != &own) count += shared(run.hosts, share.hosts);
  return count;
}

}  // namespace

std::string exceeded(const Running& next, const std::vector<Running>& running) {
  for (const auto& share : next.shares) {
    const auto others = taken(share, next, running);
    if (others == 0 || others + (shared(next.hosts, share.hosts) > 0 ? 1 : 0) <= share.lost_max)
      continue;
    for (const auto& run : running)
      if (shared(run.hosts, share.hosts) > 0)
        return fmt::format("{}: the run of {} is at work there", share.what, run.drill);
  }
  for (const auto& run : running)
    for (const auto& share : run.shares) {
      const auto mine = shared(next.hosts, share.hosts);
      const auto others = taken(share, run, running) + (shared(run.hosts, share.hosts) > 0 ? 1 : 0);
      if (mine > 0 && mine + others > share.lost_max)
        return fmt::format("{}, which the run of {} keeps to", share.what, run.drill);
    }
  return {};
}

}  // namespace muster::scheduler
