// `muster serve`: holds the workspace's store, starts drills when they are due, several at once,
// and answers the API. What it decides is scheduler/'s; what it wrote is durable before anything is
// started, so that it can be killed at any moment.
//
// Thread: the session's loop; runs have their own (cli/run_room.hpp).
#pragma once
#include <boost/asio/signal_set.hpp>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "adapters/clock/asio_clock.hpp"
#include "adapters/http/server.hpp"
#include "api/api.hpp"
#include "cli/library.hpp"
#include "cli/outer_door.hpp"
#include "cli/run_room.hpp"
#include "cli/signer.hpp"
#include "scheduler/decider.hpp"
#include "scheduler/standing.hpp"

namespace muster::cli {

struct ServeOptions {
  std::size_t at_once_max = 4;
  bool allow_production = false;  ///< also drills on hosts that are production start by schedule
};

class Server final : public api::Host {
 public:
  Server(std::unique_ptr<Session> session, ServeOptions options);
  ~Server() override;

  /// Opens log and socket, reads files and record. An error: it cannot serve.
  Result<> open();
  /// Until it is told to end (SIGTERM, SIGINT) and every run is reverted. The exit code.
  int serve();

  std::vector<api::LiveRun> live() const override { return room_->live(); }
  void ask(api::DrillRequest request, Done done) override;
  Json schedules() const override;
  void note(journal::Draft draft, std::function<void(Result<>)> done) override;

 private:
  Result<> open_doors();
  Result<> fold();
  void recover();
  void watch_signals();
  void tick();
  void look();
  void read_files();
  void watch_clock();
  void write(journal::Write write, std::function<void()> then = {});
  void carry_out(const scheduler::Decisions& decisions);
  void start_scheduled(const scheduler::Start& start);
  void start_now(const api::DrillRequest& request, const Done& done);
  std::string refused(const plan::Plan& plan, const std::string& drill,
                      const api::DrillRequest& request) const;
  void change_hold(const api::DrillRequest& request, const Done& done);
  void begin(const std::string& run, plan::Plan plan, journal::Actor actor, Json opened);
  void ended(const RunRoom::Ended& ended);
  void seen(const journal::Draft& draft);
  void stop(const std::string& why);
  void line(const std::string& text) const;
  std::string closed() const;
  WallTime wall() const { return clock_.wall(); }

  std::unique_ptr<Session> session_;
  ServeOptions options_;
  clock::AsioClock clock_;
  journal::Context context_;
  std::optional<WorkspaceLog> log_;
  std::optional<Signer> signer_;
  Library library_;
  scheduler::Standing standing_;
  std::optional<scheduler::Decider> decider_;
  std::optional<RunRoom> room_;
  std::unique_ptr<api::Api> api_;
  std::unique_ptr<http::Server> http_;
  std::unique_ptr<OuterDoor> outer_;
  boost::asio::signal_set signals_;
  ports::Clock::Timer wake_ = 0;
  std::size_t writing_ = 0;  ///< writes that are not durable yet: nothing is decided meanwhile
  std::map<std::string, std::string> waiting_;  ///< drills that are due, and what they wait for
  std::map<std::string, std::pair<std::string, std::string>> occurrence_runs_;
  bool recovering_ = false;
  bool broken_ = false;  ///< the log cannot be written any more
  std::string stopping_;
  std::string said_errors_;
  Instant looked_at_files_{};
  Duration clock_offset_{};
};

}  // namespace muster::cli
