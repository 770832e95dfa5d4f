#include "notify/route.hpp"

#include <fnmatch.h>

#include <algorithm>

namespace muster::notify {
namespace {

constexpr Duration kFirstWait = std::chrono::seconds{2};
constexpr Duration kLongestWait = std::chrono::minutes{15};
constexpr Duration kAgeMax = std::chrono::hours{24};

template <class List, class T>
bool has(const List& list, const T& one) {
  return std::find(list.begin(), list.end(), one) != list.end();
}

bool fits(const model::NoticeRoute& route, NoticeOf event, const std::string& drill,
          const std::vector<std::string>& environments) {
  if (!has(route.events, event)) return false;
  if (::fnmatch(route.drills.c_str(), drill.c_str(), FNM_NOESCAPE) != 0) return false;
  return route.environments.empty() ||
         std::any_of(environments.begin(), environments.end(),
                     [&](const auto& one) { return has(route.environments, one); });
}

}  // namespace

std::vector<std::string> channels_for(const model::Notifications& all, const Notice& notice,
                                      std::optional<Duration> ahead) {
  std::vector<std::string> names;
  for (const auto& route : all.routes) {
    if (!fits(route, notice.event, notice.drill, notice.environments)) continue;
    if (ahead && !route.at.empty() && !has(route.at, *ahead)) continue;
    for (const auto& to : route.to)
      if (!has(names, *to)) names.push_back(*to);
  }
  return names;
}

std::optional<Duration> wait_after(unsigned attempts, Duration age) {
  if (age >= kAgeMax) return std::nullopt;
  Duration wait = kFirstWait;
  for (unsigned i = 1; i < attempts && wait < kLongestWait; ++i) wait *= 2;
  return std::min(wait, kLongestWait);
}

}  // namespace muster::notify
