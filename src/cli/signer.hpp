// Signs the workspace's record: the log of the run that goes on, then the workspace's own log,
// which holds that signature. When: journal/checkpoint_rule.hpp, and when asked. A record that
// cannot be signed goes on unsigned, and that is said: signing never holds up a drill.
//
// Thread: the session's loop. Everything must outlive it.
#pragma once
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/signature.hpp"
#include "cli/workspace_log.hpp"
#include "journal/checkpoint_log.hpp"

namespace muster::cli {

/// A log, and its newest checkpoint as a signed note.
struct SignedLog {
  ports::LogId log;
  journal::TreeHead head;
  std::string note;
};

/// What a new record is called: host name, then state folder.
std::string record_name(const Session& session);

class Signer {
 public:
  using Notice = std::function<void(const std::string& line)>;
  Signer(Session& session, ports::Clock& clock, WorkspaceLog& log, Notice notice);
  ~Signer();
  Signer(const Signer&) = delete;
  Signer& operator=(const Signer&) = delete;

  /// Reads the workspace's log and its key. Makes the first key, and says so. Waits.
  Result<> open();
  /// Signs this log too from now on.
  void follow(ports::LogId run_log);

  /// So many entries of the followed log became durable.
  void appended(std::uint64_t count);
  /// Begins to sign what is not signed yet, and returns; does nothing without a key.
  void begin();
  /// The same, and waits for the end. Without a key there is nothing to wait for.
  Result<> sign();

  /// The newest checkpoints: of the workspace's log, and of the one that is followed.
  std::vector<SignedLog> newest() const;
  /// As folded by open().
  const journal::CheckpointLog& checkpoints() const;

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace muster::cli
