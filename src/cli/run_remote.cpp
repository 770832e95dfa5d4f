#include "cli/run_remote.hpp"

#include <fmt/format.h>

#include <boost/asio/signal_set.hpp>
#include <csignal>
#include <thread>

#include "adapters/clock/asio_clock.hpp"
#include "adapters/http/server.hpp"
#include "adapters/sqlite/lock_file.hpp"
#include "adapters/sqlite/state_folder.hpp"
#include "adapters/sqlite/store.hpp"
#include "api/host.hpp"
#include "api/target.hpp"
#include "cli/live.hpp"
#include "cli/record.hpp"
#include "cli/terminal.hpp"
#include "journal/kinds.hpp"
#include "journal/logs.hpp"
#include "journal/reader.hpp"

namespace muster::cli {

namespace {

constexpr Duration kLook = std::chrono::milliseconds{300};
/// So many looks that find nothing new, and the server is asked whether the run is lost.
constexpr int kLooksInVain = 10;
/// A server that ends tells people for ten seconds yet.
constexpr std::chrono::seconds kEndsWithin{30};
constexpr std::chrono::milliseconds kLookAfter{200};

/// Follows one run until it is closed.
class Follower {
 public:
  /// `server`: null when it is gone: then the run is closed. `next`: the first entry to be shown.
  Follower(const std::shared_ptr<http::Client>& server, Session& session, const RemoteRun& wish,
           std::string run, std::uint64_t next = 0)
      : server_{server},
        session_{session},
        run_{std::move(run)},
        clock_{session.io()},
        view_{session.io(), clock_, wish.plan, {wish.json, wish.ask_here, {}, run_}},
        signals_{session.io(), SIGINT, SIGTERM},
        next_{next} {
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
  std::uint64_t seen() const { return next_; }
  /// It has not come to its end, and the server says so.
  const std::optional<api::LostRun>& lost() const { return lost_; }

 private:
  void look() {
    journal::read_page(session_.store(), journal::run_log(run_), next_, 1u << 20, persons_,
                       [this](const Result<std::vector<journal::Recorded>>& page) { take(page); });
  }

  void take(const Result<std::vector<journal::Recorded>>& page) {
    if (!page) {
      problem_ = Error{"the server was lost: " + page.error().what};
      return;
    }
    for (const auto& stored : *page) {
      next_ = stored.seq + 1;
      const auto entry = journal::read_entry(stored);
      if (!entry) continue;  // verification will say so
      view_.show(journal::draft_of(*entry));
      closed_ = closed_ || entry->action == journal::kinds::kRunClosed;
    }
    in_vain_ = page->empty() ? in_vain_ + 1 : 0;
    if (in_vain_ >= kLooksInVain) ask_whether_lost();
    if (!closed_ && !problem_) clock_.at(clock_.now() + kLook, [this] { look(); });
  }

  /// No entry closes a run that was never begun, or whose record cannot be written any more.
  void ask_whether_lost() {
    in_vain_ = 0;
    if (!server_) return;
    const auto answer = server_->request("GET", api::status_target());
    const auto status = answer ? api::json_of(*answer) : Result<Json>{answer.error()};
    if (!status) return;  // the next look tells what is wrong with the server
    for (const auto& one : status->value("lost", Json::array()))
      if (one.value("run", "") == run_)
        lost_ = {run_, one.value("why", ""), one.value("begun", true)};
    if (lost_) problem_ = Error{lost_->why};
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
    if (!server_) return "the server is gone";
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
  std::uint64_t next_;
  int in_vain_ = 0;
  bool closed_ = false;
  std::optional<Error> problem_;
  std::optional<api::LostRun> lost_;
};

/// The run that was lost, or may have been begun when it was asked for.
std::optional<RunRow> row_of(const std::vector<RunRow>& rows, const std::string& drill,
                             const RemoteEnd& lost) {
  for (auto row = rows.rbegin(); row != rows.rend(); ++row)
    if (lost.run.empty() ? row->drill == drill && row->opened >= lost.asked : row->run == lost.run)
      return *row;
  return std::nullopt;
}

constexpr std::string_view kHeals =
    "what it broke heals by itself: its leases end within 20 s, but for what a step of no return "
    "holds";

Error left_open(const std::string& run, const std::string& drill, const sqlite::Holder& holder) {
  if (run.empty())
    return {fmt::format("whether {} was begun is not known", drill),
            fmt::format("{}. `muster runs` tells when the store can be read; `muster recover`, or "
                        "the server, started again, brings it to its end",
                        kHeals)};
  if (holder.is == sqlite::Holder::Is::somebody)
    return {fmt::format("run {} of {} is not closed yet", run, drill),
            fmt::format("{} holds the store, and may bring it to its end yet: `muster show {}` "
                        "tells. If that process hangs, {}",
                        holder.who.empty() ? "another process" : holder.who, run, kHeals)};
  return {fmt::format("run {} of {} was live when its server died", run, drill),
          fmt::format("{}. `muster recover`, or the server, started again, proves it", kHeals)};
}

/// There is a store, or there should be, and it knows nothing of what was begun.
Error record_gone(const std::string& run, const std::string& drill,
                  const std::filesystem::path& folder) {
  const std::string whose = run.empty() ? drill : fmt::format("run {} of {}", run, drill);
  return {fmt::format("the record of {} in {} is gone, and `muster recover` knows nothing of it",
                      whose, folder.string()),
          fmt::format("{}. `muster sweep` shows what is left on the hosts", kHeals)};
}

/// What a reader of JSON has not got yet, now that the store itself can be read.
void show_rest(Session& session, const RemoteRun& wish, const std::string& run,
               std::uint64_t seen) {
  if (!wish.json) return;
  Follower rest{nullptr, session, wish, run, seen};
  if (const auto shown = rest.follow(); !shown) complain(shown.error(), 0);
}

}  // namespace

Result<AfterServer> after_server(const std::filesystem::path& workspace, const RemoteRun& wish,
                                 const RemoteEnd& lost) {
  const auto folder = sqlite::state_folder(workspace, sqlite::surroundings());
  if (!folder) return folder.error();
  const std::string& drill = wish.plan.drill;
  const auto until = std::chrono::steady_clock::now() + kEndsWithin;
  std::string run = lost.run;
  for (;; std::this_thread::sleep_for(kLookAfter)) {
    auto session = Session::open_to_read(workspace);
    const auto holder = sqlite::LockFile::look((*folder / sqlite::kLockFile).string());
    const bool is_held = holder.is == sqlite::Holder::Is::somebody && !holder.is_this_process();
    const auto rows = session ? list_runs(**session) : Result<std::vector<RunRow>>{session.error()};
    if (rows) {
      const auto row = row_of(*rows, drill, lost);
      if (row && row->closed) {
        show_rest(**session, wish, row->run, lost.seen);
        return AfterServer{std::move(*session), row->run};
      }
      if (row) run = row->run;
      // A run stands in the workspace's log before anything of it is done.
      if (!row && !is_held) {
        if (lost.seen > 0 || (*session)->no_record()) return record_gone(run, drill, *folder);
        return AfterServer{};
      }
    }
    if (!is_held || std::chrono::steady_clock::now() > until)
      return left_open(run, drill, is_held ? holder : sqlite::Holder{});
  }
}

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

Result<RemoteEnd> run_on_server(const std::shared_ptr<http::Client>& server, Session& session,
                                const RemoteRun& wish) {
  Json body{{"plan", hex(plan::content_hash(wish.plan))}};
  if (wish.allow_production) body["allow_production"] = true;
  if (wish.allow_dirty) body["allow_dirty"] = true;
  const auto target = api::drill_target(wish.plan.drill, "start");
  if (const auto is_signed = add_signature(wish.where, wish.sign, target, body); !is_signed)
    return is_signed.error();
  const auto asked = std::chrono::time_point_cast<Duration>(std::chrono::system_clock::now());
  const auto answer = server->request("POST", target, body);
  if (!answer) return RemoteEnd{{{}, Error{"the server was lost: " + answer.error().what}}, asked};
  const auto started = api::json_of(*answer);
  if (!started) return started.error();
  const std::string run = started->value("run", "");
  if (!wish.json)
    say(fmt::format("RUN {} of {} (plan {}), in the server", run, wish.plan.drill,
                    body.at("plan").get<std::string>().substr(0, 16)));
  Follower follower{server, session, wish, run};
  const auto done = follower.follow();
  if (done) return RemoteEnd{{run, {}}, asked, follower.seen()};
  const auto& lost = follower.lost();
  if (lost && !lost->begun) return done.error();
  return RemoteEnd{{run, done.error()}, asked, follower.seen(), !lost};
}

}  // namespace muster::cli
