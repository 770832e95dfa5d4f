#include "plan/pick.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>
#include <utility>

#include "base/digest.hpp"

namespace muster::plan {

std::vector<std::string> picked(const std::vector<std::string>& hosts, std::size_t count,
                                std::uint64_t seed) {
  std::vector<std::pair<Digest, std::string>> order;
  for (const auto& host : hosts) order.emplace_back(sha256(fmt::format("{}|{}", seed, host)), host);
  std::sort(order.begin(), order.end());
  order.resize(std::min(count, order.size()));
  std::set<std::string> taken;
  for (const auto& [digest, host] : order) taken.insert(host);
  std::vector<std::string> out;
  for (const auto& host : hosts)
    if (taken.contains(host)) out.push_back(host);
  return out;
}

std::size_t share_of(double share, std::size_t of) {
  // A share is read from decimal digits: what is a hair above a whole number is that number.
  const auto exact = share * static_cast<double>(of);
  const auto count = static_cast<std::size_t>(std::ceil(exact - 1e-9));
  return std::clamp<std::size_t>(count, 1, std::max<std::size_t>(of, 1));
}

}  // namespace muster::plan
