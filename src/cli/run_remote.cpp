#include "cli/run_remote.hpp"

#include <fmt/format.h>

#include <boost/asio/signal_set.hpp>
#include <csignal>

#include "adapters/clock/asio_clock.hpp"
#include "adapters/http/server.hpp"
#include "adapters/sqlite/state_folder.hpp"
#include "api/target.hpp"
#include "cli/live.hpp"
#include "cli/terminal.hpp"
#include "journal/kinds.hpp"
#include "journal/logs.hpp"
#include "journal/reader.hpp"

namespace muster::cli {

namespace {

constexpr Duration kLook = std::chrono::milliseconds{300};

journal::Draft draft_of(const journal::Entry& e) {
  journal::Draft d;
  d.ts = e.ts;
  d.at = e.at;
  d.action = e.action;
  d.actor = e.actor;
  d.step = e.step;
  d.target = e.target;
  d.intent_ref = e.intent_ref;
  d.revert = e.revert;
  d.deadline = e.deadline;
  d.outcome = e.outcome;
  d.data = e.data;
  return d;
}

/// Follows one run until it is closed.
class Follower {
 public:
  Follower(const std::shared_ptr<http::Client>& server, Session& session, const RemoteRun& wish,
           std::string run)
      : server_{server},
        session_{session},
        run_{std::move(run)},
        clock_{session.io()},
        view_{session.io(), clock_, wish.plan, {wish.json, wish.ask_here, {}, run_}},
        signals_{session.io(), SIGINT, SIGTERM} {
    view_.on_answer([this](const std::string& step, const auto& answers) {
      return post(api::step_target(run_, step, "answer"), {{"answers", answers}});
    });
    watch_signals();
  }

  Result<> follow() {
    look();
    session_.run_until([this] { return closed_ || problem_; });
    signals_.cancel();
    if (problem_) return *problem_;
    return {};
  }

 private:
  void look() {
    journal::read_page(session_.store(), journal::run_log(run_), next_, 1u << 20, persons_,
                       [this](const Result<std::vector<journal::Recorded>>& page) { take(page); });
  }

  void take(const Result<std::vector<journal::Recorded>>& page) {
    if (!page) {
      problem_ = Error{"the server was lost: " + page.error().what,
                       "`muster show " + run_ + "` tells what became of the run"};
      return;
    }
    for (const auto& stored : *page) {
      next_ = stored.seq + 1;
      const auto entry = journal::read_entry(stored);
      if (!entry) continue;  // verification will say so
      view_.show(draft_of(*entry));
      closed_ = closed_ || entry->action == journal::kinds::kRunClosed;
    }
    if (!closed_) clock_.at(clock_.now() + kLook, [this] { look(); });
  }

  void watch_signals() {
    signals_.async_wait([this](const boost::system::error_code& ec, int) {
      if (ec) return;
      const auto refused =
          post(api::abort_target(run_), {{"reason", "interrupted at the terminal"}});
      view_.note(refused.empty() ? "Stopping: everything is reverted first." : refused);
      watch_signals();
    });
  }

  std::string post(const std::string& target, const Json& body) {
    const auto answer = server_->request("POST", target, body);
    if (!answer) return to_string(answer.error());
    const auto taken = api::json_of(*answer);
    return taken ? std::string{} : to_string(taken.error());
  }

  std::shared_ptr<http::Client> server_;
  Session& session_;
  std::string run_;
  clock::AsioClock clock_;
  LiveView view_;
  boost::asio::signal_set signals_;
  std::shared_ptr<journal::Persons> persons_ = std::make_shared<journal::Persons>();
  std::uint64_t next_ = 0;
  bool closed_ = false;
  std::optional<Error> problem_;
};

}  // namespace

Result<std::shared_ptr<http::Client>> find_server(const std::filesystem::path& workspace) {
  const auto folder = sqlite::state_folder(workspace, sqlite::surroundings());
  if (!folder) return folder.error();
  auto client = http::Client::connect(*folder / http::kSocketFile);
  if (!client || !*client) return client;
  const auto answer = (*client)->request("GET", api::status_target());
  if (!answer) return answer.error();
  const auto status = api::json_of(*answer);
  if (!status) return status.error();
  return status->value("server", false) ? client : Result<std::shared_ptr<http::Client>>{nullptr};
}

Result<std::string> run_on_server(const std::shared_ptr<http::Client>& server, Session& session,
                                  const RemoteRun& wish) {
  Json body{{"plan", hex(plan::content_hash(wish.plan))}};
  if (wish.allow_production) body["allow_production"] = true;
  if (wish.allow_dirty) body["allow_dirty"] = true;
  const auto target = api::drill_target(wish.plan.drill, "start");
  if (const auto is_signed = add_signature(wish.where, wish.sign, target, body); !is_signed)
    return is_signed.error();
  const auto answer = server->request("POST", target, body);
  if (!answer) return answer.error();
  const auto started = api::json_of(*answer);
  if (!started) return started.error();
  const std::string run = started->value("run", "");
  if (!wish.json)
    say(fmt::format("RUN {} of {} (plan {}), in the server", run, wish.plan.drill,
                    body.at("plan").get<std::string>().substr(0, 16)));
  Follower follower{server, session, wish, run};
  if (const auto done = follower.follow(); !done) return done.error();
  return run;
}

}  // namespace muster::cli
