// `muster metrics`: figures of this workspace for Prometheus, with or without a server.
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstring>

#include "cli/due_now.hpp"
#include "cli/entries.hpp"
#include "cli/exit.hpp"
#include "cli/history_commands.hpp"
#include "cli/past_runs.hpp"
#include "cli/terminal.hpp"
#include "cli/version.hpp"
#include "history/metrics.hpp"
#include "journal/checkpoint_log.hpp"
#include "journal/logs.hpp"
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
        each_entry(session, journal::run_log(run->id), [&](const ports::Stored& stored) {
          const auto entry = journal::read_entry(stored.bytes);
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

Result<std::string> text_of(Session& session) {
  const auto past = past_runs(session);
  if (!past) return past.error();
  history::Measured m;
  m.version = kVersion;
  journal::CheckpointLog checkpoints;
  std::vector<WallTime> times;
  const auto size = each_entry(session, journal::kWorkspaceLog, [&](const ports::Stored& stored) {
    const auto entry = journal::read_entry(stored.bytes);
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

/// The collector must never read half of it.
Result<> write_whole(const std::filesystem::path& file, const std::string& text) {
  const auto failed = [&](const char* what) {
    return Error{fmt::format("{} {}: {}", file.string(), what, std::strerror(errno)),
                 "the folder must be there, and this user must be allowed to write in it"};
  };
  const auto part = file.string() + fmt::format(".{}", getpid());
  const int fd = open(part.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0644);
  if (fd < 0) return failed("cannot be written");
  std::size_t done = 0;
  while (done < text.size()) {
    const auto n = write(fd, text.data() + done, text.size() - done);
    if (n <= 0) break;
    done += static_cast<std::size_t>(n);
  }
  // Readable for the collector, whatever this process' umask is.
  const bool whole = done == text.size() && fchmod(fd, 0644) == 0;
  if (close(fd) == 0 && whole && rename(part.c_str(), file.c_str()) == 0) return {};
  auto error = failed("could not be written");
  unlink(part.c_str());
  return error;
}

int metrics(const Where& where, const std::string& file) {
  const auto workspace = find_workspace(where);
  if (!workspace) return complain(workspace.error(), kUsage);
  auto session = Session::open_to_read(*workspace);
  if (!session) return complain(session.error(), kFail);
  auto text = text_of(**session);
  if (!text) return complain(text.error(), kFail);
  if (!file.empty()) {
    const auto written = write_whole(file, *text);
    return written ? kOk : complain(written.error(), kFail);
  }
  text->pop_back();  // say() ends the last line itself
  say(*text);
  return kOk;
}

}  // namespace

void add_metrics(CLI::App& app, Where& where, int& code) {
  auto* command = app.add_subcommand(
      "metrics", "Figures of this workspace in Prometheus' text format (docs/metrics.md)");
  auto file = std::make_shared<std::string>();
  command
      ->add_option("--textfile", *file,
                   "Writes them to this file, whole or not at all, for node_exporter's textfile "
                   "collector")
      ->type_name("FILE");
  command->callback([&where, &code, file] { code = metrics(where, *file); });
}

}  // namespace muster::cli
