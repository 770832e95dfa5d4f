// Takes approvals of plans, and their withdrawals, into the workspace's log: when the signature is
// good, made just now, and that of somebody of people.yaml. Whether it counts for a run is asked
// when that begins (start_consent.hpp), with the keys that the plan has.
// Thread: the session's loop.
#pragma once
#include <functional>

#include "cli/workspace_log.hpp"
#include "journal/signed_text.hpp"
#include "ports/signatures.hpp"

namespace muster::cli {

class ApprovalDesk {
 public:
  /// All must outlive every answer.
  ApprovalDesk(Session& session, WorkspaceLog& log, ports::Clock& clock,
               ports::Signatures& signatures)
      : session_{session}, log_{log}, clock_{clock}, signatures_{signatures} {}

  /// `done` gets "" when it is durable, else why not; within the call or later. Reads people.yaml.
  void take(journal::SignedText proof, std::function<void(std::string refused)> done);

 private:
  Session& session_;
  WorkspaceLog& log_;
  ports::Clock& clock_;
  ports::Signatures& signatures_;
};

}  // namespace muster::cli
