// The runs of a server: each on a thread and an io_context of its own, beside the server's session,
// so that no drill waits for another one, and a run is the same machine, driver and ports as under
// `muster run`.
//
// Thread: the owner's loop; callbacks come on it. Destruction waits for every run's end: stop them
// first.
#pragma once
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "api/host.hpp"
#include "cli/runner.hpp"
#include "scheduler/decider.hpp"

namespace muster::cli {

class RunRoom {
 public:
  struct Ended {
    std::string drill;
    std::string run;    ///< "": it never began
    std::string error;  ///< why it did not, or what of its record is missing
    std::optional<api::LostRun> lost = std::nullopt;
  };
  /// `line`: a run's progress; `tell`: what people are told of it. All must outlive the room.
  RunRoom(Session& owner, WorkspaceLog& log,
          std::function<void(const std::string& run, const std::string& line)> line,
          std::function<void(const Ended&)> on_ended, std::function<void(notify::Notice)> tell);
  ~RunRoom();
  RunRoom(const RunRoom&) = delete;
  RunRoom& operator=(const RunRoom&) = delete;

  struct Order {
    std::string run;  ///< its id
    plan::Plan plan;
    RunOptions options;  ///< `lodging` is the room's business
  };
  void start(Order order);
  /// Brings runs whose process died to their end, one after the other, on one thread.
  void recover(std::vector<RunRow> rows);

  std::vector<api::LiveRun> live() const;
  std::vector<scheduler::Running> running() const;
  bool empty() const { return guests_.empty(); }
  /// Every live run is asked to stop and revert.
  void stop_all(const journal::Actor& actor, const std::string& why, bool wait);

 private:
  struct Guest;
  Guest& guest(const std::string& run, scheduler::Running claim);
  void leave(Guest* guest, const Ended& ended);
  /// Of a run's options: on its thread, said on the owner's.
  std::function<void(notify::Notice)> teller();
  std::shared_ptr<void> publish(Guest* guest, const Session& there, api::LiveRun live);

  Session& owner_;
  WorkspaceLog& log_;
  std::function<void(const std::string&, const std::string&)> line_;
  std::function<void(const Ended&)> on_ended_;
  std::function<void(notify::Notice)> tell_;
  std::vector<std::unique_ptr<Guest>> guests_;
};

}  // namespace muster::cli
