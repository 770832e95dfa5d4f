#include "engine/guards.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <utility>

#include "journal/kinds.hpp"

namespace muster::engine {

namespace kinds = journal::kinds;

namespace {

/// So often one that comes and goes is recorded; what stops the drill is always.
constexpr std::size_t kRecordedMax = 100;

}  // namespace

void Guards::begin(std::function<void(std::vector<std::string>)> done) {
  const auto& guards = core_.plan().guards;
  if (guards.empty()) return done({});
  watched_.resize(guards.size());
  struct First {
    std::size_t left;
    std::vector<std::string> problems;
  };
  auto first = std::make_shared<First>(First{guards.size(), {}});
  const Instant asked = core_.now();
  for (std::size_t i = 0; i < guards.size(); ++i)
    conditions_.look(
        guards[i].condition, guards[i].timeout, [this, i, first, asked, done](const Told& told) {
          auto& w = watched_[i];
          w.last = told;
          const auto& guard = core_.plan().guards[i];
          if (told.is != Told::Is::yes) {
            w.since = asked;
            first->problems.push_back(fmt::format(
                "guardrail \"{}\" {}: {}", guard.name,
                told.is == Told::Is::no ? "does not hold" : "cannot be evaluated", told.why));
          }
          record(w.since ? kinds::kGuardrailFails : kinds::kGuardrailHolds, i);
          if (--first->left > 0) return;
          on_ = first->problems.empty();
          for (std::size_t next = 0; on_ && next < watched_.size(); ++next)
            core_.at(core_.now() + core_.plan().guards[next].every,
                     [this, next, when = core_.now() + core_.plan().guards[next].every] {
                       look(next, when);
                     });
          done(std::move(first->problems));
        });
}

/// The rhythm is absolute; what falls due while a question is still out is left out.
void Guards::look(std::size_t i, Instant planned) {
  if (!on_) return;
  const auto& guard = core_.plan().guards[i];
  Instant next = planned + guard.every;
  if (next <= core_.now()) next = core_.now() + guard.every;  // the controller slept
  core_.at(next, [this, i, next] { look(i, next); });
  auto& w = watched_[i];
  if (w.asking) return;
  w.asking = true;
  conditions_.look(guard.condition, guard.timeout,
                   [this, i, asked = core_.now()](const Told& answer) { told(i, asked, answer); });
}

void Guards::told(std::size_t i, Instant asked, const Told& answer) {
  auto& w = watched_[i];
  w.asking = false;
  if (!on_) return;
  w.last = answer;
  if (answer.is == Told::Is::yes) return holds_again(i);
  const bool first = !w.since, newly_failed = !w.failed && answer.is == Told::Is::no;
  w.failed = w.failed || answer.is == Told::Is::no;
  if (first) {
    w.since = asked;
    w.fuse = core_.at(asked + core_.plan().guards[i].fails_for, [this, i] { fire(i); });
  }
  if (first || newly_failed) record_failing(i);
}

void Guards::holds_again(std::size_t i) {
  auto& w = watched_[i];
  if (!w.since) return;
  core_.cancel(w.fuse);
  w.since.reset();
  w.failed = false;
  if (std::exchange(w.on_record, false)) record(kinds::kGuardrailHolds, i);
  if (failing()) return;
  if (const auto then = std::exchange(all_hold_, nullptr)) then();
}

bool Guards::failing() const {
  return on_ && std::any_of(watched_.begin(), watched_.end(),
                            [](const Watched& w) { return w.since.has_value(); });
}

void Guards::fire(std::size_t i) {
  auto& w = watched_[i];
  if (!on_ || !w.since) return;
  on_ = false;
  record(kinds::kGuardrailFired, i);
  const auto& guard = core_.plan().guards[i];
  const auto length = format_duration(guard.fails_for);
  // What was told stands in the entry: the reason of a stop goes to readers of every edition.
  on_fired_(w.failed ? fmt::format("guardrail \"{}\" did not hold for {}", guard.name, length)
                     : fmt::format("guardrail \"{}\" could not be evaluated for {}: in doubt the "
                                   "drill is stopped and reverted",
                                   guard.name, length));
}

/// What was recorded to fail is also recorded when it holds again.
void Guards::record_failing(std::size_t i) {
  auto& w = watched_[i];
  if (!w.on_record && w.recorded >= kRecordedMax) return;
  w.recorded += w.on_record ? 0 : 1;
  w.on_record = true;
  record(kinds::kGuardrailFails, i);
}

void Guards::record(std::string_view kind, std::size_t i) {
  const auto& w = watched_[i];
  if (core_.record_lost()) return;
  journal::Draft d = Core::draft(kind);
  d.outcome = w.failed || w.last.is == Told::Is::no ? "no"
              : w.last.is == Told::Is::unknown      ? "unknown"
                                                    : "yes";
  d.data = Json{{"name", core_.plan().guards[i].name}, {"why", evidence_text(w.last.why)}};
  if (w.since) d.data["since"] = journal::json_ns(ns(*w.since));
  for (const auto& [key, text] :
       {std::pair{"evidence", &w.last.evidence}, {"output", &w.last.output}})
    if (!text->empty()) d.data[key] = evidence_text(*text);
  core_.record(std::move(d));
}

}  // namespace muster::engine
