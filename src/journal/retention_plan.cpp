#include "journal/retention_plan.hpp"

#include <fmt/format.h>

#include <map>

#include "base/text.hpp"

namespace muster::journal {
namespace {

/// Of one drill: the newest runs that its last dates rest on.
struct Newest {
  const std::string* passed = nullptr;
  const std::string* tested = nullptr;
};

std::map<std::string, Newest> newest_of(const RetentionLog& log) {
  std::map<std::string, Newest> out;
  const auto later = [&](const std::string* than, const KnownRun& run) {
    return !than || log.runs().at(*than).closed_at <= run.closed_at;
  };
  for (const auto& [id, run] : log.runs()) {
    auto& newest = out[run.drill];
    const bool passed = run.closed && run.result == "PASS";
    const bool tested =
        passed || (run.closed && (run.result == "FAIL" || run.result == "INCONCLUSIVE"));
    if (passed && later(newest.passed, run)) newest.passed = &id;
    if (tested && later(newest.tested, run)) newest.tested = &id;
  }
  return out;
}

/// "" when it may go.
std::string why_kept(const RetentionLog& log, const std::string& id, const KnownRun& run,
                     const Newest& newest) {
  if (run.state == "dirty") return "it is not proven undone: `muster recover`";
  if (const auto* hold = log.hold_on(id))
    return fmt::format("a legal hold since {}: {}", format_utc(hold->since).substr(0, 10),
                       printable(hold->reason));
  if (newest.passed && *newest.passed == id)
    return fmt::format("it is the last one of {} that passed", run.drill);
  if (newest.tested && *newest.tested == id)
    return fmt::format("it is the last test of {}", run.drill);
  return {};
}

bool is_over(const std::optional<RetentionLimit>& limit, const KnownRun& run, WallTime now) {
  return limit && now - run.closed_at > limit->length;
}

/// What is to become of one run.
void decide(const RetentionLog& log, const RetentionRule& rule, WallTime now, const std::string& id,
            const std::string& why_not, RetentionPlan& plan) {
  const auto& run = log.runs().at(id);
  const auto* before = log.pruned(id);
  const bool is_known = run.closed && run.head;
  const bool over = is_known && is_over(rule.keep, run, now) && !(before && before->whole);
  const bool samples_over = is_known && is_over(rule.samples, run, now) && !before;
  if ((over || samples_over) && why_not.empty()) {
    const auto& limit = over ? *rule.keep : *rule.samples;
    return plan.removals.push_back(
        {id, over, false, fmt::format("{} {}", over ? "keep" : "samples", limit.text), *run.head});
  }
  if (over || samples_over) plan.kept.push_back({id, why_not});
  // What was declared once goes on, unless a hold came in between.
  if (before && !log.hold_on(id))
    plan.removals.push_back({id, before->whole, true, before->rule, before->head});
}

}  // namespace

RetentionPlan plan_retention(const RetentionLog& log, const RetentionRule& rule, WallTime now) {
  RetentionPlan plan;
  const auto newest = newest_of(log);
  for (const auto& [id, run] : log.runs())
    decide(log, rule, now, id, why_kept(log, id, run, newest.at(run.drill)), plan);
  return plan;
}

}  // namespace muster::journal
