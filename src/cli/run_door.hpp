// How others reach a run while it goes on (`muster step`, `abort`, `show` from another terminal):
// over a socket of its own process, or through the server that it lives in.
// Thread: the run's. Everything must outlive it.
#pragma once
#include <memory>

#include "api/host.hpp"
#include "cli/runner.hpp"
#include "engine/driver.hpp"

namespace muster::cli {

class RunDoor {
 public:
  /// `log`: of the workspace; `lodging`: nullptr for a process of its own.
  static Result<std::unique_ptr<RunDoor>> open(Session& session, WorkspaceLog& log,
                                               ports::Clock& clock, const std::string& run,
                                               const engine::Machine& machine,
                                               engine::Driver& driver, const Lodging* lodging);
  ~RunDoor();

 private:
  struct Parts;
  explicit RunDoor(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

}  // namespace muster::cli
