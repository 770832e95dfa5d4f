// How others reach a run while it goes on (`muster step`, `abort`, `show` from another terminal):
// over sockets of its own process, or through the server that it lives in.
// Thread: the run's. Everything must outlive it.
#pragma once
#include <memory>

#include "api/host.hpp"
#include "cli/runner.hpp"
#include "cli/workspace_log.hpp"
#include "engine/driver.hpp"

namespace muster::cli {

class RunDoor {
 public:
  struct Around {
    Session& session;
    WorkspaceLog& log;  // where approvals of plans go
    ports::Clock& clock;
    const engine::Machine& machine;
    engine::Driver& driver;
    std::function<void(const std::string&)> notice;
    /// What whoever asked for something is told, once the run has `refused` ("": taken).
    std::function<std::string(const engine::Request& what, std::string refused)> answered;
  };
  /// `lodging`: nullptr for a process of its own. Without its Unix socket a run is not begun; that
  /// the API cannot be served over TCP is a notice, and the drill goes on.
  static Result<std::unique_ptr<RunDoor>> open(const std::string& run, const Around& around,
                                               const Lodging* lodging);
  ~RunDoor();

 private:
  struct Parts;
  explicit RunDoor(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

}  // namespace muster::cli
