// Writing to the workspace's own log: runs that opened and closed, what was swept without a run,
// keys, checkpoints, witnesses.
// Thread: the session's loop.
#pragma once
#include "cli/session.hpp"
#include "journal/writer.hpp"
#include "ports/clock.hpp"

namespace muster::cli {

class WorkspaceLog {
 public:
  /// All must outlive it; the session must be open for writing. The context's run and drill may be
  /// empty.
  WorkspaceLog(Session& session, ports::Clock& clock, journal::Context context);

  /// Takes the log over at a new epoch. Once, before anything is written.
  Result<> open();
  /// Stamps the draft with the time of now, and returns at once; `answer` comes later.
  void write(journal::Draft draft, journal::OnWritten answer);
  /// The same, and waits: an error when it did not become durable.
  Result<> note(journal::Draft draft);
  /// Rises with each process that writes this store: its life, as targets are told it.
  std::uint64_t epoch() const { return writer_.epoch(); }

 private:
  Session& session_;
  ports::Clock& clock_;
  journal::Writer writer_;
};

}  // namespace muster::cli
