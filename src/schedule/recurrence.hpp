// When something recurs, in local time: cron, a rule of RFC 5545, or words, behind one interface.
#pragma once
#include <optional>
#include <string>
#include <variant>

#include "model/schedule.hpp"
#include "schedule/cron.hpp"
#include "schedule/rrule.hpp"
#include "schedule/words.hpp"

namespace muster::schedule {

/// A value; any thread.
class Recurrence {
 public:
  /// What is wrong goes to `out`, each with its place; also a rule that never occurs.
  /// `window_opens`: of a schedule with a window.
  static std::optional<Recurrence> parse(const model::Schedule& schedule,
                                         std::optional<std::chrono::seconds> window_opens,
                                         model::Diagnostics& out);

  /// The first one strictly later; nothing: none before kEnd. Bounded: at most some 80,000 days are
  /// looked at, whatever the rule.
  std::optional<LocalTime> next(LocalTime after) const;
  bool occurs(LocalTime at) const { return next(at - std::chrono::seconds{1}) == at; }

 private:
  using Rule = std::variant<Cron, Rrule, Words>;
  explicit Recurrence(Rule rule) : rule_(std::move(rule)) {}
  Rule rule_;
};

}  // namespace muster::schedule
