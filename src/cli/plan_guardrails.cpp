// The guardrails of a plan, for people.
#include <fmt/format.h>

#include "base/text.hpp"
#include "cli/plan_text.hpp"

namespace muster::cli {

namespace {

std::string limit_text(const plan::Limit& limit) {
  const bool keep = limit.kind == plan::Limit::Kind::keep;
  std::string out = fmt::format(
      "  {} {}: {} ({} {} of {}: {}), by {} ({})\n", keep ? "keep" : "at most", limit.of,
      limit.wanted, keep ? "no fewer than" : "no more than", limit.count, limit.hosts.size(),
      limit.hosts.empty() ? "nobody" : joined(limit.hosts, ", "), limit.by, limit.place);
  if (limit.healthy)
    out += fmt::format(
        "      healthy, besides answering: says yes to: {}\n",
        limit.healthy->sql.empty() ? shell_quoted(limit.healthy->argv) : limit.healthy->sql);
  if (!limit.never_asked.empty())
    out += fmt::format("      protected, never asked{}: {}\n",
                       keep ? ", not counted as healthy" : "", joined(limit.never_asked, ", "));
  return out;
}

std::string guard_text(const plan::Guard& guard) {
  return fmt::format(
      "  abort if \"{}\" does not hold for {}: {}; looked at every {}{}\n", guard.name,
      format_duration(guard.fails_for), condition_text(guard.condition),
      format_duration(guard.every),
      guard.timeout > Duration::zero() ? ", waited for " + format_duration(guard.timeout) : "");
}

}  // namespace

void guardrails_text(std::string& out, const plan::Plan& plan) {
  if (plan.limits.empty() && plan.guards.empty()) return;
  out += "\nGUARDRAILS (counted before each effect; watched from the first one on)\n";
  for (const auto& limit : plan.limits) out += limit_text(limit);
  for (const auto& guard : plan.guards) out += guard_text(guard);
}

}  // namespace muster::cli
