#include "cli/plan_shares.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "plan/compile.hpp"

namespace muster::cli {

std::vector<std::string> used_hosts(const plan::Plan& plan) {
  std::set<std::string> all;
  for (const auto& slot : plan.slots) all.insert(slot.hosts.begin(), slot.hosts.end());
  all.erase(std::string{plan::kController});  // it serves many runs
  return {all.begin(), all.end()};
}

std::vector<scheduler::Share> shares_of(const plan::Plan& plan) {
  std::vector<scheduler::Share> out;
  for (const auto& limit : plan.limits) {
    const bool keep = limit.kind == plan::Limit::Kind::keep;
    const auto all = limit.hosts.size();
    out.push_back({fmt::format("{} {} of {}", keep ? "keep" : "at_most", limit.wanted, limit.of),
                   keep ? all - std::min(all, limit.count) : limit.count, limit.hosts});
  }
  return out;
}

}  // namespace muster::cli
