// Writing to the workspace's own log: runs that opened and closed, what was swept without a run,
// keys, checkpoints, witnesses, schedules. It has one writer in a process: runs on threads of their
// own write through the log of the session that owns it.
// Thread: the session's loop; `owner` may live on another one.
#pragma once
#include <memory>

#include "cli/session.hpp"
#include "journal/writer.hpp"
#include "ports/clock.hpp"

namespace muster::cli {

/// An error when it did not become durable.
Result<> noted(const journal::Written& written);

class WorkspaceLog {
 public:
  /// All must outlive it; the session must be open for writing. The context's run and drill may be
  /// empty.
  WorkspaceLog(Session& session, ports::Clock& clock, journal::Context context);
  /// Writes through `owner`, which is open, on its session's loop, and must outlive it; what it
  /// writes says this context's drill, run and actor.
  WorkspaceLog(Session& session, ports::Clock& clock, journal::Context context,
               WorkspaceLog& owner);

  /// Takes the log over at a new epoch. Once, before anything is written.
  Result<> open();
  /// Of the owner: `seen` gets each entry that became durable, whoever wrote it, in order, before
  /// its writer is answered.
  void follow(std::function<void(const journal::Draft&)> seen) { seen_ = std::move(seen); }
  /// Stamps the drafts with the time of now, and returns at once; `answer` comes later. What is not
  /// queued (journal::Writer::write) is answered `failed` within the call.
  void write(journal::Write write, journal::OnWritten answer);
  void write(journal::Draft draft, journal::OnWritten answer);
  /// The same, and waits: an error when it did not become durable.
  Result<> note(journal::Write write);
  Result<> note(journal::Draft draft);
  /// Rises with each process that writes this store: its life, as targets are told it.
  std::uint64_t epoch() const;

 private:
  void stamp(journal::Write& write) const;
  void append(journal::Write write, const journal::OnWritten& answer);

  Session& session_;
  ports::Clock& clock_;
  journal::Context context_;
  std::optional<journal::Writer> writer_;
  WorkspaceLog* owner_ = nullptr;
  std::function<void(const journal::Draft&)> seen_;
};

}  // namespace muster::cli
