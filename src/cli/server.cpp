#include "cli/server.hpp"

#include <fmt/format.h>
#include <sys/stat.h>

#include <csignal>
#include <fstream>

#include "adapters/sqlite/lock_file.hpp"
#include "adapters/sqlite/store.hpp"
#include "base/id.hpp"
#include "cli/entries.hpp"
#include "cli/exit.hpp"
#include "cli/seed_file.hpp"
#include "cli/service_manager.hpp"
#include "cli/terminal.hpp"
#include "cli/version.hpp"
#include "cli/who.hpp"
#include "journal/kinds.hpp"
#include "journal/logs.hpp"
#include "journal/run_state.hpp"
#include "scheduler/entries.hpp"

namespace muster::cli {

namespace kinds = journal::kinds;

namespace {

constexpr Duration kLastNotices = std::chrono::seconds{10};
/// How long it sleeps at most: files that change wake nobody.
constexpr Duration kIdle = std::chrono::seconds{2};

journal::Draft draft(std::string_view kind, Json data) {
  journal::Draft d;
  d.action = kind;
  d.data = std::move(data);
  return d;
}

}  // namespace

Server::Server(std::unique_ptr<Session> session, ServeOptions options)
    : session_{std::move(session)},
      options_{options},
      clock_{session_->io()},
      alarm_{session_->io()},
      wall_watch_{clock_, alarm_, [this] { tick(); }},
      library_{session_->workspace()},
      signals_{session_->io(), SIGINT, SIGTERM, SIGHUP} {}

Server::~Server() {
  outer_.reset();
  http_.reset();
  verifier_.reset();
  room_.reset();
  notifier_.reset();
  signer_.reset();
}

void Server::line(const std::string& text) const {
  // systemd's journal has its own times.
  say(std::getenv("JOURNAL_STREAM") ? text : format_utc(wall()).substr(0, 19) + "Z " + text);
}

Result<> Server::open() {
  const auto read = library_.refresh();
  if (!read.errors.empty()) return Error{read.errors, "mend the files: `muster check`"};
  context_.boot_id = boot_id();
  context_.actor = who_am_i();
  log_.emplace(*session_, clock_, context_);
  if (const auto opened = log_->open(); !opened) return opened;
  log_->follow([this](const journal::Draft& d) { seen(d); });
  if (const auto folded = fold(); !folded) return folded;
  signer_.emplace(*session_, clock_, *log_, [this](const auto& text) { line(text); });
  if (const auto opened = signer_->open(); !opened)
    line("WARNING: the record is not signed: " + to_string(opened.error()));
  verifier_ = std::make_unique<signatures::Verifier>(session_->way_back());
  approval_desk_ = std::make_unique<ApprovalDesk>(*session_, *log_, clock_, *verifier_);
  const auto seed = schedule_seed(session_->state_folder());
  if (!seed) return seed.error();
  decider_.emplace(*seed);
  decider_->use(library_.jobs());
  if (const auto opened = open_notifier(); !opened) return opened;
  room_.emplace(
      *session_, *log_,
      [this](const std::string& run, const std::string& text) { line("[" + run + "] " + text); },
      [this](const RunRoom::Ended& over) { ended(over); },
      [this](notify::Notice notice) {
        if (notifier_) notifier_->outbox().tell(std::move(notice));
      });
  api_ = std::make_unique<api::Api>(session_->store(), kVersion, *this);
  if (const auto opened = open_doors(); !opened) return opened;
  opened_at_ = wall();
  sqlite::LockFile::note((session_->state_folder() / sqlite::kLockFile).string(), "muster serve");
  return log_->note(draft(kinds::kServerStarted, {{"version", kVersion},
                                                  {"files", library_.version()},
                                                  {"seed_sha256", hex(sha256(*seed))},
                                                  {"at_once_max", options_.at_once_max}}));
}

Result<> Server::open_doors() {
  const http::Handler handler = [this](api::Request request, api::Principal who, auto done) {
    api_->handle(request, who, std::move(done));
  };
  auto http =
      http::Server::start(session_->io(), session_->state_folder() / http::kSocketFile, handler);
  if (!http) return http.error();
  http_ = std::move(*http);
  auto outer = OuterDoor::open(*session_, clock_, *log_, handler,
                               [this](const std::string& text) { line(text); });
  if (!outer) return outer.error();
  outer_ = std::move(*outer);
  if (outer_) line("The API is served at " + outer_->url());
  return {};
}

void Server::note(journal::Draft draft, std::function<void(Result<>)> done) {
  log_->write(std::move(draft),
              [done = std::move(done)](const journal::Written& written) { done(noted(written)); });
}

Result<> Server::fold() {
  const auto size = each_entry(*session_, journal::kWorkspaceLog, [this](const auto& stored) {
    if (const auto entry = journal::read_entry(stored)) {
      scheduler::apply(standing_, *entry);
      basis_.add(*entry);
    }
  });
  if (!size) return size.error();
  return {};
}

void Server::seen(const journal::Draft& d) {
  const auto entry = journal::entry_of(d, context_);
  scheduler::apply(standing_, entry);
  basis_.add(entry);
  if (signer_) signer_->appended(1);
  if (!decider_) return;
  decider_->touch(d.drill);
  // What waited for another drill, its hosts or its end may start now.
  if (d.action != kinds::kRunClosed) return;
  for (const auto& [drill, why] : waiting_) decider_->touch(drill);
  overdue_.touch();
}

void Server::recover() {
  std::vector<RunRow> left;
  const auto rows = list_runs(*session_);
  if (!rows) return line("WARNING: " + to_string(rows.error()));
  for (const auto& row : *rows)
    if (row.needs_recovery()) left.push_back(row);
  if (left.empty()) return;
  for (const auto& row : left)
    line(fmt::format(
        "Run {} of {} {}: it is recovered first", row.run, row.drill,
        row.closed ? "left something that is not proven undone" : "was not brought to its end"));
  recovering_ = true;
  room_->recover(std::move(left));
}

int Server::serve() {
  // An occurrence that got its start, and whose process died before there was a run.
  for (const auto& [drill, of] : standing_.drills)
    if (of.started && of.started->run.empty() && of.started->nominal == of.decided)
      write(scheduler::missed(drill, of.started->nominal, of.started->nominal, 1,
                              "the server died before its run began", false));
  recover();
  watch_signals();
  line(fmt::format("Serving {}: {} drills, {} with a schedule", session_->workspace().string(),
                   library_.tables().size(), decider_->jobs().size()));
  tell_service_manager("READY=1");
  tick();
  session_->run_until(
      [this] { return broken_ || (!stopping_.empty() && room_->empty() && writing_ == 0); });
  tell_service_manager("STOPPING=1");
  outer_.reset();
  http_.reset();
  if (broken_) {
    room_->stop_all(context_.actor, "the record cannot be written", true);
    session_->run_until([this] { return room_->empty(); });
    return complain({"the record cannot be written any more: nothing is served",
                     "make room or mend the disk, and start again: what is left is recovered then"},
                    kDirty);
  }
  if (const auto noted = log_->note(draft(kinds::kServerStopped, {{"why", stopping_}})); !noted)
    return complain(noted.error(), kFail);
  if (const auto is_signed = signer_->sign(); !is_signed)
    line("WARNING: the end is not signed: " + to_string(is_signed.error()));
  if (notifier_) notifier_->drain(kLastNotices);
  line("Ended: " + stopping_);
  return standing_.dirty.empty() ? kOk : kDirty;
}

void Server::watch_signals() {
  signals_.async_wait([this](const boost::system::error_code& ec, int signal) {
    if (ec) return;
    if (signal == SIGHUP)
      looked_at_files_ = {};
    else if (stopping_.empty())
      stop(signal == SIGTERM ? "the process was told to end (SIGTERM)"
                             : "interrupted at the terminal");
    else if (signal == SIGINT)
      room_->stop_all(context_.actor, "interrupted again", false);
    watch_signals();
    tick();
  });
}

void Server::stop(const std::string& why) {
  stopping_ = why;
  line("Ending: nothing new is started, and every run is reverted first");
  room_->stop_all(context_.actor, why, true);
}

void Server::tick() {
  clock_.cancel(wake_);
  tell_service_manager("WATCHDOG=1");
  if (writing_ == 0 && stopping_.empty()) look();
  // Also those that began to answer only since they were told.
  if (!stopping_.empty()) room_->stop_all(context_.actor, stopping_, true);
  Duration sleep = kIdle;
  if (const auto dog = watchdog_interval()) sleep = std::min(sleep, *dog / 3);
  wake_ = clock_.at(clock_.now() + sleep, [this] { tick(); });
}

void Server::write(journal::Write what, std::function<void()> then) {
  ++writing_;
  log_->write(std::move(what), [this, then = std::move(then)](const journal::Written& written) {
    --writing_;
    if (written.commit == ports::Commit::durable) {
      if (then) then();
    } else if (written.commit == ports::Commit::conflict) {
      line("An occurrence was started already: " + written.why);
    } else {
      line("The record cannot be written: " + written.why);
      broken_ = true;
    }
    if (writing_ == 0 && !broken_) session_->post([this] { tick(); });
  });
}

}  // namespace muster::cli
