// What stood between the drill and harm, and what it said.
#include <fmt/format.h>

#include <optional>

#include "report/data.hpp"
#include "report/parts.hpp"
#include "report/words.hpp"

namespace muster::report {
namespace {

using Is = journal::GuardState::Is;

Guardrail guard_of(const plan::Guard& guard, const Record& record) {
  Guardrail out;
  out.name = guard.name;
  out.demands =
      fmt::format("holds, and is never without a yes for {}", limit_text(guard.fails_for));
  const auto it = record.state.guards.find(guard.name);
  if (it == record.state.guards.end()) {
    out.said = "was not asked";
    return out;
  }
  const auto& state = it->second;
  out.stopped = state.fired;
  out.kept = state.is == Is::holds   ? std::optional{true}
             : state.is == Is::fails ? std::optional{false}
                                     : std::nullopt;
  out.asked = true;
  out.said = state.is == Is::holds   ? "held to the end"
             : state.is == Is::fails ? "did not hold"
                                     : "could not be evaluated";
  if (state.since)
    out.said += fmt::format(
        " since {}{}", clock_text(*state.since - record.state.opened_at.value_or(*state.since)),
        state.fired ? "; the drill was stopped" : "");
  out.evidence = state.why + (state.evidence.empty() ? "" : "\n" + state.evidence);
  return out;
}

/// The counts of one limit, by its place among the plan's.
struct Counts {
  std::size_t times = 0;
  std::optional<std::size_t> worst;
  bool refused = false;
};

Counts counts_of(const Record& record, std::size_t index, bool keep) {
  Counts out;
  for (const auto& e : record.state.counted) {
    if (!e.data.is_object() || !e.data.contains("limits")) continue;
    const auto& limits = e.data.at("limits");
    if (!limits.is_array() || limits.size() <= index || !limits[index].is_object()) continue;
    const auto& one = limits[index];
    if (!one.contains("would_be") || !one.at("would_be").is_number_unsigned()) continue;
    const auto would_be = one.at("would_be").get<std::size_t>();
    ++out.times;
    out.refused = out.refused || (one.contains("fits") && one.at("fits") == false);
    if (!out.worst || (keep ? would_be < *out.worst : would_be > *out.worst)) out.worst = would_be;
  }
  return out;
}

Guardrail limit_of(const plan::Limit& limit, std::size_t index, const Record& record) {
  const bool keep = limit.kind == plan::Limit::Kind::keep;
  Guardrail out;
  out.name = fmt::format("{} of {}: {}", keep ? "keep" : "at_most", limit.of, limit.wanted);
  out.demands =
      fmt::format("{} {} of {} {}; demanded by {}", keep ? "at least" : "at most", limit.count,
                  limit.hosts.size(), keep ? "healthy" : "hit or down at once", limit.by);
  const auto counts = counts_of(record, index, keep);
  if (counts.times == 0) {
    out.said = "was not counted";
    return out;
  }
  out.asked = true;
  out.kept = !counts.refused;
  out.stopped = counts.refused;
  out.said = fmt::format("counted {} time{}; {} {}{}", counts.times, counts.times == 1 ? "" : "s",
                         keep ? "the fewest" : "the most", *counts.worst,
                         counts.refused ? "; an effect was refused" : "");
  return out;
}

}  // namespace

std::vector<Guardrail> guardrails_of(const Record& record) {
  std::vector<Guardrail> out;
  for (const auto& guard : record.plan.guards) out.push_back(guard_of(guard, record));
  for (std::size_t i = 0; i < record.plan.limits.size(); ++i)
    out.push_back(limit_of(record.plan.limits[i], i, record));
  return out;
}

}  // namespace muster::report
