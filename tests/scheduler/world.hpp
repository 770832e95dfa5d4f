// A server without a machine: its wall clock, its log and rows, and runs that only last. It does
// what cli/server does with what the Decider says, and can be killed between any two writes.
#pragma once
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "journal/run_state.hpp"
#include "scheduler/decider.hpp"
#include "scheduler/entries.hpp"
#include "tests/schedule/helper.hpp"

namespace muster::scheduler {

using schedule::local;
using schedule::utc;

inline Job job(const std::string& drill, const std::string& keys,
               std::vector<std::string> hosts = {}, const std::string& timezone = "Europe/Berlin",
               schedule::Freezes freezes = {}) {
  config::Diagnostics out;
  const auto node = schedule::yaml("{" + keys + ", timezone: " + timezone + "}", out);
  const auto file = model::read_schedule(node.value(), out);
  auto made = schedule::Schedule::compile(drill, file, out);
  if (!out.empty() || !made) throw std::logic_error(schedule::errors_in(out));
  return {std::move(*made), keys, std::move(freezes), std::move(hosts), {}, {}};
}

struct FakeRun {
  std::string run, drill, nominal, how;
  WallTime began{}, ends{};
  std::vector<std::string> hosts;
  std::vector<Share> shares;
};

class World {
 public:
  WallTime now = utc("2027-01-01T00:00:00Z");
  std::vector<Job> jobs;
  std::vector<journal::Entry> log;
  std::set<std::string> rows;
  std::vector<FakeRun> running, over;
  Duration lasts = std::chrono::minutes{30};
  std::string result = "PASS", state = "clean";
  std::size_t at_once_max = 4;
  std::string closed;
  std::function<std::string(const schedule::Occurrence&)> missing;
  /// Dies before the n-th write from now on, and is there again at the next tick.
  std::optional<int> dies_in;
  std::map<std::string, std::string> waiting;

  /// A process: knows nothing but the log.
  void boot() {
    standing = {};
    for (const auto& entry : log) apply(standing, entry);
    decider.emplace("a seed");
    decider->use(jobs);
    for (const auto& [drill, of] : std::map{standing.drills})
      if (of.started && of.started->run.empty() && of.started->nominal == of.decided)
        write(missed(drill, of.started->nominal, of.started->nominal, 1, "died", false));
  }
  void reload() { decider->use(jobs); }

  /// Looks until there is nothing more to decide. When it may look again at the latest.
  WallTime tick() {
    end_runs();
    for (int turn = 0; turn < 50; ++turn) {
      if (!decider) boot();
      Situation situation{now, {}, at_once_max, closed, missing};
      for (const auto& run : running)
        situation.running.push_back({run.drill, run.hosts, run.shares});
      const auto decisions = decider->decide(standing, situation);
      waiting = decisions.waiting;
      if (!carry_out(decisions)) {  // it died
        decider.reset();
        continue;
      }
      if (decisions.empty()) return decisions.wake.value_or(now + std::chrono::days{400});
    }
    throw std::logic_error("it decides without an end");
  }

  /// Sleeps as a server does, and ends at `until`.
  void run_to(WallTime until) {
    while (now < until) {
      auto next = std::min(tick(), until);
      for (const auto& run : running) next = std::min(next, run.ends);
      now = std::max(next, now + std::chrono::seconds{1});
    }
    tick();
  }

  bool write(const journal::Write& write) {
    if (dies_in && --*dies_in < 0) {
      dies_in.reset();
      return false;
    }
    for (const auto& guard : write.guards)
      if (rows.contains(guard.key)) throw std::logic_error("started twice: " + guard.key);
    for (const auto& put : write.puts) rows.insert(put.key);
    for (auto draft : write.drafts) {
      draft.ts = now;
      log.push_back(journal::entry_of(draft, {}));
      apply(standing, log.back());
      if (decider) decider->touch(draft.drill);
    }
    return true;
  }

  std::vector<std::string> told(std::string_view kind) const {
    std::vector<std::string> out;
    for (const auto& entry : log)
      if (entry.action == kind) out.push_back(entry.drill + " " + entry.data.dump());
    return out;
  }
  std::vector<std::string> starts() const {
    std::vector<std::string> out;
    for (const auto* list : {&over, &running})
      for (const auto& run : *list)
        out.push_back(run.drill + " " + run.nominal + " at " + schedule::utc_text(run.began) + " " +
                      run.how);
    return out;
  }
  Standing standing;
  std::optional<Decider> decider;

 private:
  void end_runs() {
    for (auto it = running.begin(); it != running.end();) {
      if (it->ends > now) {
        ++it;
        continue;
      }
      journal::Draft d;
      d.action = "run.closed";
      d.drill = it->drill;
      d.run = it->run;
      d.outcome = result;
      d.data = Json{{"state", state}};
      journal::Write all;
      all.drafts.push_back(d);
      over.push_back(*it);
      it = running.erase(it);
      if (!write(all)) {
        log.push_back(journal::entry_of(d, {}));  // recovered
        decider.reset();
      }
    }
  }

  bool carry_out(const Decisions& decisions) {
    for (const auto& drill : decisions.fresh)
      for (const auto& one : jobs)
        if (one.schedule.drill() == drill &&
            !write(known(drill, one.rule, one.schedule.zone().local(now), "")))
          return false;
    for (const auto& miss : decisions.missed)
      if (!write(missed(miss.drill, miss.first, miss.last, miss.count, miss.why, miss.asks)))
        return false;
    for (const auto& o : decisions.queued)
      if (!write(queued(o))) return false;
    for (const auto& o : decisions.committed)
      if (!write(committed(o))) return false;
    for (const auto& a : decisions.announced)
      if (!write(announced(a.occurrence, a.before))) return false;
    for (const auto& start : decisions.starts)
      if (!begin(start)) return false;
    return true;
  }

  bool begin(const Start& start) {
    if (!write(started(start.occurrence, start.how, schedule::Zone::utc()))) return false;
    FakeRun run;
    run.run = "run-" + std::to_string(++count_);
    run.drill = start.occurrence.drill;
    run.nominal = schedule::format_local(start.occurrence.nominal);
    run.how = start.how;
    run.began = now;
    run.ends = now + lasts;
    for (const auto& one : jobs)
      if (one.schedule.drill() == run.drill) {
        run.hosts = one.hosts;
        run.shares = one.shares;
      }
    journal::Draft d;
    d.action = "run.opened";
    d.drill = run.drill;
    d.run = run.run;
    d.data = Json{{"occurrence", occurrence_json(start.occurrence, start.how)}};
    journal::Write all;
    all.drafts.push_back(d);
    if (!write(all)) return false;
    running.push_back(run);
    return true;
  }

  int count_ = 0;
};

}  // namespace muster::scheduler
