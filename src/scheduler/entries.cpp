#include "scheduler/entries.hpp"

#include <fmt/format.h>

#include "journal/kinds.hpp"

namespace muster::scheduler {

namespace kinds = journal::kinds;
using schedule::format_local;

namespace {

journal::Write one(std::string_view kind, const std::string& drill, Json data) {
  journal::Draft draft;
  draft.action = kind;
  draft.drill = drill;
  draft.data = std::move(data);
  journal::Write write;
  write.drafts.push_back(std::move(draft));
  return write;
}

Json surprise_json(const schedule::Surprise& surprise) {
  Json permitted = Json::array();
  for (const auto& interval : surprise.permitted)
    permitted.push_back({format_utc(interval.from), format_utc(interval.to)});
  return {{"commitment", hex(surprise.commitment)},
          {"key", hex(surprise.key)},
          {"permitted", std::move(permitted)},
          {"planned", format_utc(surprise.planned)}};
}

}  // namespace

std::string row_of(const schedule::Occurrence& occurrence) {
  return "occurrence/" + schedule::id_of(occurrence);
}

Json occurrence_json(const schedule::Occurrence& occurrence, const std::string& how) {
  return {{"nominal", format_local(occurrence.nominal)},
          {"planned", format_utc(occurrence.earliest())},
          {"how", how}};
}

journal::Write known(const std::string& drill, const std::string& rule, schedule::LocalTime from,
                     const std::string& zone) {
  return one(kinds::kScheduleKnown, drill,
             {{"rule", rule}, {"from", format_local(from)}, {"timezone", zone}});
}

journal::Write started(const schedule::Occurrence& occurrence, const std::string& how,
                       const schedule::Zone& zone) {
  Json data = occurrence_json(occurrence, how);
  data["local"] = zone.text(occurrence.earliest());
  if (occurrence.surprise) data["surprise"] = surprise_json(*occurrence.surprise);
  auto write = one(kinds::kScheduleStarted, occurrence.drill, std::move(data));
  write.guards.push_back({row_of(occurrence), std::nullopt});
  write.puts.push_back({row_of(occurrence), "started"});
  return write;
}

journal::Write missed(const std::string& drill, schedule::LocalTime first, schedule::LocalTime last,
                      std::uint64_t count, const std::string& why, bool asks) {
  Json data{
      {"first", format_local(first)}, {"last", format_local(last)}, {"count", count}, {"why", why}};
  if (asks) data["asks"] = true;
  return one(kinds::kScheduleMissed, drill, std::move(data));
}

journal::Write queued(const schedule::Occurrence& occurrence) {
  return one(kinds::kScheduleQueued, occurrence.drill,
             {{"nominal", format_local(occurrence.nominal)}});
}

journal::Write committed(const schedule::Occurrence& occurrence) {
  return one(kinds::kScheduleCommitted, occurrence.drill,
             {{"nominal", format_local(occurrence.nominal)},
              {"window_from", format_utc(occurrence.window.from)},
              {"window_to", format_utc(occurrence.window.to)},
              {"commitment", hex(occurrence.surprise.value().commitment)}});
}

journal::Write announced(const schedule::Occurrence& occurrence, Duration before) {
  return one(kinds::kScheduleAnnounced, occurrence.drill,
             {{"nominal", format_local(occurrence.nominal)}, {"before", format_duration(before)}});
}

journal::Write held(const std::string& drill, const std::string& why, const journal::Actor& by) {
  auto write = one(kinds::kScheduleHeld, drill, {{"why", why}});
  write.drafts.front().actor = by;
  return write;
}

journal::Write resumed(const std::string& drill, const std::string& why, const journal::Actor& by) {
  auto write = one(kinds::kScheduleResumed, drill, Json::object());
  if (!why.empty()) write.drafts.front().data["why"] = why;
  write.drafts.front().actor = by;
  return write;
}

}  // namespace muster::scheduler
