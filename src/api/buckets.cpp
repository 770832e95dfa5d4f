#include "api/buckets.hpp"

#include <algorithm>

namespace muster::api {

Buckets::Buckets(Duration every, unsigned burst)
    : every_{every}, room_{every * static_cast<Duration::rep>(std::max(burst, 1u))} {}

std::optional<Duration> Buckets::take(const std::string& name, Instant now) {
  if (full_at_.size() >= kNamesMax && !full_at_.contains(name)) forget(now);
  auto& full_at = full_at_[name];
  const auto then = std::max(full_at, now) + every_;
  if (then - now > room_) return then - now - room_;
  full_at = then;
  return std::nullopt;
}

void Buckets::forget(Instant now) {
  std::erase_if(full_at_, [&](const auto& one) { return one.second <= now; });
  if (full_at_.size() < kNamesMax) return;
  full_at_.erase(
      std::min_element(full_at_.begin(), full_at_.end(),
                       [](const auto& a, const auto& b) { return a.second < b.second; }));
}

}  // namespace muster::api
