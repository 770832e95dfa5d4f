// Runs one plan to its end, or brings a run whose process died to its end: wires machine, driver,
// store, shell, probes, clock, signals and the terminal.
#pragma once
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "api/host.hpp"
#include "cli/record.hpp"
#include "cli/session.hpp"
#include "cli/workspace_log.hpp"
#include "engine/io.hpp"
#include "notify/notice.hpp"
#include "plan/plan.hpp"

namespace muster::cli {

/// What a run finds in a server, where it has no terminal, signals and socket of its own.
struct Lodging {
  WorkspaceLog& log;  // of the server's session
  /// Its progress, line by line. Called on the run's thread.
  std::function<void(const std::string&)> line;
  /// The run can be asked things from now on until the result is destroyed. `live` is to be called
  /// on the run's thread alone.
  std::function<std::shared_ptr<void>(api::LiveRun live)> publish;
};

struct RunOptions {
  bool ask_here = true;  // questions may be answered on this terminal
  bool json = false;     // progress as JSON lines, one an entry
  // Of run_plan: who starts it, when that is not who runs this process; and what run.opened says of
  // the consent that it stands on.
  journal::Actor opened_by = {};
  Json consent = {};
  std::vector<std::string> dirty = {};  // earlier runs not proven undone, gone on despite
  // By host, what those left there: guardrails count it.
  std::map<std::string, std::string> hit = {};
  // Of recover_run: hosts that are declared gone for good, or mended by hand.
  std::vector<engine::Request> said_of_hosts = {};
  std::optional<journal::Actor> actor = {};  // who starts it; nothing: who runs this process
  Json opened = nullptr;  // what the workspace's run.opened says beside the plan's hash
  std::string run = {};   // its id; "": made from the time
  /// Asked every few seconds while it goes on and before each step begins, on its thread: "" or why
  /// it must not go on (a freeze began). Then it is stopped as by a person.
  std::function<std::string()> frozen = {};
  /// Somebody wants it to end, by a signal or `muster abort`, whether or not it was ending already:
  /// whoever would begin something after it must not. On the run's thread.
  std::function<void()> asked_to_stop = {};
  /// Somebody wanted that before: then nothing is begun. Asked between two turns of the loop.
  std::function<bool()> stop_asked = {};
  /// Of recover_run, for people: what waits until it is done, and is not begun when it is stopped.
  std::string waits = {};
  bool receives_alerts =
      false;  // monitoring can reach this process: that no alert came says something
  const Lodging* lodging = nullptr;
  // What people are told of the run, handed to it on the run's thread: a server has one outbox for
  // all, and a recovery tells when nothing is broken any more. Empty: an outbox of the run's own
  // (of a run that lodges: nobody is told).
  std::function<void(notify::Notice)> tell = {};
};

/// A run that was begun.
struct Begun {
  std::string run;             // its id
  std::optional<Error> broke;  // not closed, and why: what it did may be in place
};

/// An error: nothing was begun, and it says so.
Result<Begun> run_plan(Session& session, plan::Plan plan, const RunOptions& options);

/// Reverts everything that the run may have left live, holds what a no-return step left, and closes
/// it.
Result<> recover_run(Session& session, const RunRow& row, const RunOptions& options);

/// Closes a run whose record cannot be read any more, as INVALID (or with the result that it had)
/// and changed: `said` goes into the entry, and tells what cannot be read, and on whose word.
/// Nothing is reverted, and its own log is left as it is.
Result<> close_lost(Session& session, const RunRow& row, Json said, const RunOptions& options);

}  // namespace muster::cli
