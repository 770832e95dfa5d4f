#include "scheduler/standing.hpp"

#include <algorithm>

#include "journal/kinds.hpp"

namespace muster::scheduler {

namespace kinds = journal::kinds;
using schedule::LocalTime;

namespace {

std::string text(const Json& data, const char* key) {
  return data.is_object() && data.contains(key) && data.at(key).is_string()
             ? data.at(key).get<std::string>()
             : std::string{};
}

std::optional<LocalTime> local(const Json& data, const char* key) {
  const auto at = schedule::parse_local(text(data, key));
  return at ? std::optional{*at} : std::nullopt;
}

/// Never back: an occurrence that was decided stays so.
void raise(std::optional<LocalTime>& to, std::optional<LocalTime> at) {
  if (at && (!to || *at > *to)) to = at;
}

void on_opened(Standing& standing, const journal::Entry& e) {
  standing.open[e.run] = {e.drill, e.ts};
  auto& drill = standing.drills[e.drill];
  if (!e.data.is_object() || !e.data.contains("occurrence")) return;
  const auto nominal = local(e.data.at("occurrence"), "nominal");
  if (nominal && drill.started && drill.started->nominal == *nominal) drill.started->run = e.run;
}

void on_closed(Standing& standing, const journal::Entry& e) {
  const auto open = standing.open.find(e.run);
  const WallTime began = open == standing.open.end() ? e.ts : open->second.since;
  if (open != standing.open.end()) standing.open.erase(open);
  auto& drill = standing.drills[e.drill];
  const std::string state = text(e.data, "state");
  std::erase(standing.dirty, e.run);
  if (state == "dirty") standing.dirty.push_back(e.run);
  drill.newest_result = e.outcome;
  drill.newest_state = state;
  if (e.outcome != "PASS" && e.outcome != "FAIL" && e.outcome != "INCONCLUSIVE") return;
  // What is due, and what comes after another drill, rests on passes and on the newest test: many
  // that failed must not push the last pass out.
  if (!drill.tests.empty() && !drill.tests.back().passed) drill.tests.pop_back();
  drill.tests.push_back({began, e.outcome == "PASS" && state != "dirty"});
  if (drill.tests.size() > Standing::kTestsMax) drill.tests.erase(drill.tests.begin());
}

void on_missed(DrillStanding& drill, const journal::Entry& e) {
  const auto last = local(e.data, "last");
  raise(drill.decided, last);
  drill.queued.reset();
  // A start that no run came of is told once.
  if (drill.started && drill.started->run.empty() && last && drill.started->nominal <= *last)
    drill.started.reset();
  if (e.data.contains("count") && e.data.at("count").is_number_unsigned())
    drill.missed += e.data.at("count").get<std::uint64_t>();
  drill.missed_at = e.ts;
  drill.missed_why = text(e.data, "why");
}

void on_announced(DrillStanding& drill, const journal::Entry& e) {
  const auto before = parse_duration(text(e.data, "before"));
  if (!before) return;
  // Of the coming one alone; what was told of earlier ones is over.
  const auto nominal = text(e.data, "nominal");
  std::erase_if(drill.announced, [&](const auto& told) { return told.first != nominal; });
  drill.announced[nominal].push_back(*before);
}

}  // namespace

std::optional<LocalTime> DrillStanding::after() const {
  std::optional<LocalTime> at = known_from;
  raise(at, decided);
  return at;
}

const DrillStanding& Standing::of(const std::string& drill) const {
  static const DrillStanding kNone;
  const auto it = drills.find(drill);
  return it == drills.end() ? kNone : it->second;
}

void apply(Standing& standing, const journal::Entry& e) {
  if (e.action == kinds::kRunOpened) return on_opened(standing, e);
  if (e.action == kinds::kRunClosed) return on_closed(standing, e);
  if (!e.action.starts_with("schedule.") || !e.data.is_object()) {
    if (e.action == kinds::kScheduleResumed) standing.drills[e.drill].hold.reset();
    return;
  }
  DrillStanding& drill = standing.drills[e.drill];
  if (e.action == kinds::kScheduleKnown) {
    drill.rule = text(e.data, "rule");
    raise(drill.known_from, local(e.data, "from"));
  } else if (e.action == kinds::kScheduleStarted) {
    const auto nominal = local(e.data, "nominal");
    raise(drill.decided, nominal);
    drill.queued.reset();
    if (nominal) drill.started = Started{*nominal, e.ts, {}};
  } else if (e.action == kinds::kScheduleMissed) {
    on_missed(drill, e);
  } else if (e.action == kinds::kScheduleQueued) {
    drill.queued = local(e.data, "nominal");
  } else if (e.action == kinds::kScheduleCommitted) {
    raise(drill.committed, local(e.data, "nominal"));
  } else if (e.action == kinds::kScheduleAnnounced) {
    on_announced(drill, e);
  } else if (e.action == kinds::kScheduleHeld) {
    drill.hold = Hold{e.ts, e.actor.principal, text(e.data, "why")};
  } else if (e.action == kinds::kScheduleResumed) {
    drill.hold.reset();
  }
}

}  // namespace muster::scheduler
