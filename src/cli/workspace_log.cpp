#include "cli/workspace_log.hpp"

#include "journal/logs.hpp"

namespace muster::cli {

WorkspaceLog::WorkspaceLog(Session& session, ports::Clock& clock, journal::Context context)
    : session_{session}, clock_{clock}, context_{std::move(context)} {
  writer_.emplace(session_.store(), journal::kWorkspaceLog, context_, journal::Writes::stand_alone);
}

WorkspaceLog::WorkspaceLog(Session& session, ports::Clock& clock, journal::Context context,
                           WorkspaceLog& owner)
    : session_{session}, clock_{clock}, context_{std::move(context)}, owner_{&owner} {}

Result<> WorkspaceLog::open() {
  if (owner_) return {};
  const auto tip = session_.wait<ports::Tip>(
      [&](auto done) { writer_->open(std::chrono::seconds{60}, std::move(done)); });
  if (!tip) return tip.error();
  return {};
}

std::uint64_t WorkspaceLog::epoch() const {
  return owner_ ? owner_->epoch() : writer_->epoch();
}

void WorkspaceLog::stamp(journal::Write& write) const {
  for (auto& draft : write.drafts) {
    draft.ts = clock_.wall();
    draft.at = clock_.now();
    if (draft.drill.empty()) draft.drill = context_.drill;
    if (draft.run.empty()) draft.run = context_.run;
    if (draft.actor.principal.empty()) draft.actor = context_.actor;
  }
}

void WorkspaceLog::append(journal::Write write, const journal::OnWritten& answer) {
  auto told = answer;
  if (seen_)
    told = [this, answer, drafts = write.drafts](const journal::Written& written) {
      if (written.commit == ports::Commit::durable)
        for (const auto& draft : drafts) seen_(draft);
      answer(written);
    };
  if (const auto queued = writer_->write(std::move(write), told); !queued)
    answer({ports::Commit::failed, to_string(queued.error()), 0, {}});
}

void WorkspaceLog::write(journal::Write write, journal::OnWritten answer) {
  stamp(write);
  if (!owner_) return append(std::move(write), answer);
  owner_->session_.post([owner = owner_, here = session_.way_back(), write = std::move(write),
                         answer = std::move(answer)]() mutable {
    owner->append(std::move(write), [here, answer](const journal::Written& written) {
      here([answer, written] { answer(written); });
    });
  });
}

void WorkspaceLog::write(journal::Draft draft, journal::OnWritten answer) {
  journal::Write all;
  all.drafts.push_back(std::move(draft));
  write(std::move(all), std::move(answer));
}

Result<> noted(const journal::Written& written) {
  if (written.commit == ports::Commit::durable) return {};
  return Error{"the workspace's record cannot be written: " + written.why};
}

Result<> WorkspaceLog::note(journal::Write all) {
  std::optional<journal::Written> written;
  write(std::move(all), [&](const journal::Written& w) { written = w; });
  session_.run_until([&] { return written.has_value(); });
  return noted(*written);
}

Result<> WorkspaceLog::note(journal::Draft draft) {
  journal::Write all;
  all.drafts.push_back(std::move(draft));
  return note(std::move(all));
}

}  // namespace muster::cli
