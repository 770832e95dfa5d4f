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

/// The run as the API asks it, on its own thread.
api::LiveRun live_run(const std::string& run, const engine::Machine& machine,
                      engine::Driver& driver);

/// Of a process of its own.
struct OwnDoor {
  Session& session;
  ports::Clock& clock;
  WorkspaceLog& log;
  std::function<void(const std::string&)> notice;
};

class RunDoor {
 public:
  /// `lodging`: nullptr for a process of its own. Without its Unix socket a run is not begun; that
  /// the API cannot be served over TCP is a notice, and the drill goes on.
  static Result<std::unique_ptr<RunDoor>> open(OwnDoor own, api::LiveRun live,
                                               const Lodging* lodging);
  ~RunDoor();

 private:
  struct Parts;
  explicit RunDoor(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

}  // namespace muster::cli
