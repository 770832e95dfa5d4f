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
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "adapters/clock/asio_clock.hpp"
#include "adapters/clock/wall_timer.hpp"
#include "adapters/http/server.hpp"
#include "adapters/signatures/verifier.hpp"
#include "api/api.hpp"
#include "cli/approval_desk.hpp"
#include "cli/library.hpp"
#include "cli/notifier.hpp"
#include "cli/outer_door.hpp"
#include "cli/run_room.hpp"
#include "cli/signer.hpp"
#include "cli/start_consent.hpp"
#include "scheduler/decider.hpp"
#include "scheduler/overdue.hpp"
#include "scheduler/standing.hpp"
#include "scheduler/wall_watch.hpp"

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
  std::vector<api::LostRun> lost() const override { return {lost_.begin(), lost_.end()}; }
  std::string store() const override { return session_->store_id(); }
  void ask(api::DrillRequest request, Done done) override;
  void approve(journal::SignedText proof, Taken taken) override {
    approval_desk_->take(std::move(proof), std::move(taken));
  }
  Json schedules() const override;
  Result<Json> times(const api::TimesRequest& wanted) const override;
  void metrics(std::function<void(Result<std::string>)> done) override;
  std::string unready() const override;
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
  void watch_overdue();
  void write(journal::Write write, std::function<void()> then = {});
  void carry_out(const scheduler::Decisions& decisions);
  Result<> open_notifier();
  notify::Occurrence told_of(const schedule::Occurrence& occurrence) const;
  /// Of its announcements: "" or which one did not reach everybody whom it was meant for.
  std::string not_announced(const schedule::Occurrence& occurrence) const;
  Json times_of(const std::string& drill, const schedule::Freezes& freezes,
                const api::TimesRequest& wanted) const;
  void start_scheduled(const scheduler::Start& start);
  void start_now(const api::DrillRequest& request, const Done& done);
  std::string refused(const plan::Plan& plan, const std::string& drill,
                      const api::DrillRequest& request) const;
  struct Asker {
    consent::Starter starter;
    journal::Actor actor;
    journal::SignedText proof;
  };
  consent::Consent consent_to_start(const plan::Plan& plan, const consent::Starter& starter,
                                    bool allow_production) const;
  std::string missing(const schedule::Occurrence& occurrence) const;
  Result<Asker> asker_of(const api::DrillRequest& request, const plan::Plan& plan);
  void change_hold(const api::DrillRequest& request, const Done& done);
  struct Begin {
    journal::Actor actor;
    Json opened;   ///< of the workspace's run.opened
    Json consent;  ///< of the run's own
  };
  void begin(const std::string& run, plan::Plan plan, Begin how);
  void ended(const RunRoom::Ended& ended);
  void seen(const journal::Draft& draft);
  void stop(const std::string& why);
  void line(const std::string& text) const;
  std::string closed() const;
  WallTime wall() const { return clock_.wall(); }

  std::unique_ptr<Session> session_;
  ServeOptions options_;
  clock::AsioClock clock_;
  clock::WallTimer alarm_;
  scheduler::WallWatch wall_watch_;
  journal::Context context_;
  std::optional<WorkspaceLog> log_;
  std::optional<Signer> signer_;
  std::unique_ptr<Notifier> notifier_;  ///< nothing: nobody is to be told anything
  Library library_;
  scheduler::Standing standing_;
  ConsentBasis basis_;
  std::set<std::string> nonces_;  ///< of signed requests that this process let through
  std::optional<scheduler::Decider> decider_;
  scheduler::OverdueWatch overdue_;
  std::optional<RunRoom> room_;
  std::unique_ptr<ApprovalDesk> approval_desk_;
  std::unique_ptr<signatures::Verifier> verifier_;  ///< its end first: then nothing comes back
  std::unique_ptr<api::Api> api_;
  std::unique_ptr<http::Server> http_;
  std::unique_ptr<OuterDoor> outer_;
  boost::asio::signal_set signals_;
  ports::Clock::Timer wake_ = 0;
  std::size_t writing_ = 0;  ///< writes that are not durable yet: nothing is decided meanwhile
  std::map<std::string, std::string> waiting_;  ///< drills that are due, and what they wait for
  std::deque<api::LostRun> lost_;
  std::jthread counter_;  ///< makes the text of /metrics, beside the loop
  std::vector<std::function<void(Result<std::string>)>> counted_for_;
  std::optional<Duration> newest_lateness_;  ///< of the newest start by schedule
  bool recovering_ = false;
  bool broken_ = false;  ///< the log cannot be written any more
  std::string stopping_;
  std::string said_errors_;
  Instant looked_at_files_{};
  WallTime opened_at_{};
};

}  // namespace muster::cli
