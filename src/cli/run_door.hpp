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
  struct Around {
    Session& session;
    WorkspaceLog& log;  // where approvals of plans go
    ports::Clock& clock;
    const engine::Machine& machine;
    engine::Driver& driver;
  };
  /// `lodging`: nullptr for a process of its own.
  static Result<std::unique_ptr<RunDoor>> open(const std::string& run, const Around& around,
                                               const Lodging* lodging);
  ~RunDoor();

 private:
  struct Parts;
  explicit RunDoor(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

}  // namespace muster::cli
