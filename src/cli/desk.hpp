// The workspace's record, open for writing by a command that is no drill: keys, legal holds,
// retention. Thread: the session's loop.
#pragma once
#include <functional>
#include <string_view>
#include <vector>

#include "adapters/clock/asio_clock.hpp"
#include "cli/record.hpp"
#include "cli/signer.hpp"
#include "cli/workspace.hpp"
#include "cli/workspace_log.hpp"

namespace muster::cli {

class Desk {
 public:
  /// Takes the workspace's log over. The session is open for writing, and outlives it.
  static Result<std::unique_ptr<Desk>> open(Session& session);

  /// An entry by whoever runs this process; durable when answered.
  Result<> note(std::string_view action, Json data);
  /// The same, and a row that lands with it.
  Result<> note(std::string_view action, Json data, ports::Put row);
  /// Signs what is not signed yet of the workspace's log; says so when a first key was made.
  Result<> sign();
  /// Signs every log that is not signed to its end, the workspace's last.
  Result<> sign_all(const std::vector<RunRow>& runs);
  /// The same as sign(), then tells the workspace's witnesses, as at the end of a run.
  Result<> sign_and_tell();
  WallTime now() const { return clock_.wall(); }

 private:
  explicit Desk(Session& session);
  Result<> signer();

  Session& session_;
  clock::AsioClock clock_;
  WorkspaceLog log_;
  std::optional<Signer> signer_;
};

/// Finds the workspace, opens its record for writing, and acts; complains when that is not
/// possible.
int with_record(const Where& where, const std::function<int(Session&)>& act);

}  // namespace muster::cli
