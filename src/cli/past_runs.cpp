#include "cli/past_runs.hpp"

#include <fmt/format.h>

#include "cli/entries.hpp"
#include "history/closing.hpp"
#include "journal/logs.hpp"

namespace muster::cli {

namespace {

/// The record of one run, folded; samples and plan are not needed.
Result<journal::RunState> state_of(Session& session, const std::string& run) {
  journal::RunState state;
  Result<> good;
  const auto size =
      each_entry(session, journal::run_log(run), [&](const journal::Recorded& stored) {
        if (!good) return;
        const auto entry = journal::read_entry(stored);
        good = entry ? journal::apply(state, *entry) : Result<>{entry.error()};
      });
  if (!size) return size.error();
  if (!good) return good.error();
  return state;
}

Json interval_json(const measure::Interval& i) {
  Json out{{"lo_ns", i.lo.count()}};
  if (i.hi) out["hi_ns"] = i.hi->count();
  return out;
}

Json exercises_json(const std::vector<history::Exercise>& all, const char* name) {
  Json out = Json::array();
  for (const auto& one : all) {
    Json item{{name, one.name}, {"host", one.host}, {"end", one.end}, {"proven", one.proven}};
    if (!one.step.empty()) item["step"] = one.step;
    out.push_back(std::move(item));
  }
  return out;
}

}  // namespace

Result<history::Runs> past_runs(Session& session) {
  history::Runs runs;
  Result<> good;
  const auto size =
      each_entry(session, journal::kWorkspaceLog, [&](const journal::Recorded& stored) {
        const auto entry = journal::read_entry(stored);
        if (entry)
          runs.add(*entry);
        else if (good)
          good = Error{fmt::format("workspace entry {}: {}", stored.seq, entry.error().what),
                       "`muster audit verify`"};
      });
  if (!size) return size.error();
  if (!good) return good.error();
  return runs;
}

void fill_in(Session& session, history::Runs& runs, const std::string& drill) {
  std::size_t read = 0;
  for (auto run = runs.all().rbegin(); run != runs.all().rend() && read < kRecordsReadMax; ++run) {
    const bool fits = drill.empty() || run->drill == drill;
    if (!fits || !run->closed || run->summarised || run->removed) continue;
    ++read;
    if (const auto state = state_of(session, run->id))
      history::add_summary(*run, history::closing_of(*state));
  }
}

Result<WallTime> moment_of(const std::string& text, WallTime now) {
  if (const auto ago = parse_duration(text)) return now - *ago;
  if (const auto at = parse_utc(text)) return *at;
  if (const auto day = parse_utc(text + "T00:00:00Z")) return *day;
  return Error{fmt::format("'{}' is no moment", text),
               "write 2026-01-31, 2026-01-31T08:00:00Z (UTC), or 90d for so long ago"};
}

Json as_json(const history::Objective& o) {
  Json out{{"objective", o.kind}, {"met", o.met}};
  if (!o.service.empty()) out["service"] = o.service;
  if (o.actual) out["actual"] = interval_json(*o.actual);
  if (o.limit) out["limit_ns"] = o.limit->count();
  if (o.lost) out["lost"] = *o.lost;
  if (o.lost_max) out["lost_max"] = *o.lost_max;
  return out;
}

Json as_json(const history::Run& run) {
  Json out{{"run", run.id},
           {"drill", run.drill},
           {"started", format_utc(run.opened)},
           {"by", run.by},
           {"result", run.closed ? run.result : "OPEN"},
           {"state", run.state}};
  if (run.removed) out["removed"] = true;
  if (!run.summarised) return out;
  if (run.took) out["took_ns"] = run.took->count();
  out["objectives"] = Json::array();
  for (const auto& o : run.objectives) out["objectives"].push_back(as_json(o));
  out["hosts"] = run.hosts;
  out["faults"] = exercises_json(run.faults, "fault");
  out["restores"] = exercises_json(run.restores, "provider");
  out["roles"] = Json::array();
  for (const auto& r : run.roles) out["roles"].push_back({{"role", r.role}, {"person", r.person}});
  return out;
}

}  // namespace muster::cli
