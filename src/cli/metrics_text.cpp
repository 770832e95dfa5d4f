#include "cli/metrics_text.hpp"

#include <chrono>

#include "cli/due_now.hpp"
#include "cli/entries.hpp"
#include "cli/past_runs.hpp"
#include "cli/version.hpp"
#include "history/metrics.hpp"
#include "journal/checkpoint_log.hpp"
#include "journal/logs.hpp"
#include "journal/run_state.hpp"
#include "model/workspace.hpp"

namespace muster::cli {

namespace {

constexpr std::size_t kUnresolvedReadMax = 20;

/// Of the newest runs that are open or dirty; there are hardly ever two.
Result<std::size_t> live_effects(Session& session, const std::vector<history::Run>& runs) {
  std::size_t live = 0, read = 0;
  for (auto run = runs.rbegin(); run != runs.rend() && read < kUnresolvedReadMax; ++run) {
    if (run->closed && run->state != "dirty") continue;
    ++read;
    journal::RunState state;
    bool good = true;  // from what cannot be read on nothing is known
    const auto size =
        each_entry(session, journal::run_log(run->id), [&](const journal::Recorded& stored) {
          const auto entry = journal::read_entry(stored);
          good = good && entry && journal::apply(state, *entry);
        });
    if (!size) return size.error();
    for (const auto& effect : state.effects) live += journal::may_be_live(effect.status) ? 1 : 0;
  }
  return live;
}

std::uint64_t store_bytes(const std::filesystem::path& folder) {
  std::uint64_t all = 0;
  for (const auto* name : {"store.db", "store.db-wal"}) {
    std::error_code ec;
    const auto size = std::filesystem::file_size(folder / name, ec);
    if (!ec) all += size;
  }
  return all;
}

}  // namespace

Result<std::string> metrics_of(Session& session) {
  const auto past = past_runs(session);
  if (!past) return past.error();
  history::Measured m;
  m.version = kVersion;
  journal::CheckpointLog checkpoints;
  std::vector<WallTime> times;
  const auto size =
      each_entry(session, journal::kWorkspaceLog, [&](const journal::Recorded& stored) {
        const auto entry = journal::read_entry(stored);
        times.push_back(entry ? entry->ts : WallTime{});
        if (entry) checkpoints.add(*entry);
      });
  if (!size) return size.error();
  m.workspace_entries = *size;
  m.unsigned_entries = checkpoints.unsigned_entries();
  const auto* newest = checkpoints.newest(journal::kWorkspaceLog);
  if (newest && newest->seq < times.size()) m.last_checkpoint = times.at(newest->seq);
  const auto live = live_effects(session, past->all());
  if (!live) return live.error();
  m.live_effects = *live;
  m.store_bytes = store_bytes(session.state_folder());
  config::Diagnostics ignored;  // a drill with errors has no figure; `muster check` tells them
  const auto now = std::chrono::time_point_cast<Duration>(std::chrono::system_clock::now());
  for (const auto& drill : model::load_workspace(session.workspace(), ignored).drills)
    if (const auto due = due_now(drill, past->all(), now))
      m.overdue.emplace_back(*drill.name, due->overdue());
  return history::metrics_text(past->all(), m);
}

}  // namespace muster::cli
