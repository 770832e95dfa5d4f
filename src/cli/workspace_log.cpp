#include "cli/workspace_log.hpp"

#include "journal/logs.hpp"

namespace muster::cli {

WorkspaceLog::WorkspaceLog(Session& session, ports::Clock& clock, journal::Context context)
    : session_{session},
      clock_{clock},
      writer_{session.store(), journal::kWorkspaceLog, std::move(context)} {}

Result<> WorkspaceLog::open() {
  const auto tip = session_.wait<ports::Tip>(
      [&](auto done) { writer_.open(std::chrono::seconds{60}, std::move(done)); });
  if (!tip) return tip.error();
  return {};
}

void WorkspaceLog::write(journal::Draft draft, journal::OnWritten answer) {
  draft.ts = clock_.wall();
  draft.at = clock_.now();
  journal::Write write;
  write.drafts.push_back(std::move(draft));
  if (const auto queued = writer_.write(std::move(write), answer); !queued)
    answer({ports::Commit::failed, to_string(queued.error()), 0, {}});
}

Result<> WorkspaceLog::note(journal::Draft draft) {
  std::optional<journal::Written> written;
  write(std::move(draft), [&](const journal::Written& w) { written = w; });
  session_.run_until([&] { return written.has_value(); });
  if (written->commit != ports::Commit::durable)
    return Error{"the workspace's record cannot be written: " + written->why};
  return {};
}

}  // namespace muster::cli
