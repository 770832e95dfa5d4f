#include "cli/runner.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include "adapters/clock/asio_clock.hpp"
#include "adapters/probes/real_prober.hpp"
#include "adapters/secrets/secret_prober.hpp"
#include "adapters/secrets/secret_shell.hpp"
#include "adapters/shell/real_shell.hpp"
#include "adapters/ssh/ssh_transport.hpp"
#include "adapters/terminal/output.hpp"
#include "base/id.hpp"
#include "cli/live.hpp"
#include "cli/notifier.hpp"
#include "cli/run_door.hpp"
#include "cli/run_loss.hpp"
#include "cli/run_stops.hpp"
#include "cli/signer.hpp"
#include "cli/terminal.hpp"
#include "cli/version.hpp"
#include "cli/watched_prober.hpp"
#include "cli/who.hpp"
#include "cli/witnesses.hpp"
#include "cli/witnessing_shell.hpp"
#include "cli/workspace_log.hpp"
#include "engine/driver.hpp"
#include "history/closing.hpp"
#include "journal/kinds.hpp"
#include "journal/logs.hpp"
#include "journal/reader.hpp"

namespace muster::cli {

namespace kinds = journal::kinds;

namespace {

/// So much later than a freeze begins a drill may go on; it begins no step meanwhile.
constexpr Duration kFreezeLook = std::chrono::seconds{5};

/// Everything that one run needs, in the order in which it must be made and unmade.
class Runner {
 public:
  Runner(Session& session, const RunOptions& options)
      : session_{session},
        options_{options},
        clock_{session.io()},
        notices_{session.io(), STDERR_FILENO},
        ssh_{session.io(), clock_},
        shell_{session.io(), clock_, shell_options()},
        prober_{session.io(),
                [](boost::asio::io_context& io) { return std::make_unique<clock::AsioClock>(io); }},
        filling_shell_{shell_, clock_},
        filling_prober_{prober_} {}

  /// The workspace's log, and what follows it.
  Result<> open_workspace(const std::string& run, const std::string& drill) {
    context_.run = run;
    context_.drill = drill;
    context_.boot_id = boot_id();
    context_.actor = options_.actor.value_or(who_am_i());
    if (options_.lodging)
      workspace_.emplace(session_, clock_, context_, options_.lodging->log);
    else
      workspace_.emplace(session_, clock_, context_);
    stops_.emplace(session_, *workspace_, options_, context_.actor);
    if (const auto opened = workspace_->open(); !opened) return opened;
    signer_.emplace(session_, clock_, *workspace_, [this](const auto& line) { notice(line); });
    // Unsigned is worse, but no reason to leave something broken, or not to drill.
    if (const auto opened = signer_->open(); !opened)
      notice("WARNING: the record of this run is not signed: " + to_string(opened.error()));
    if (!options_.lodging) session_.note_run(run, drill);
    told_.emplace(
        session_, clock_, *workspace_, [this](const auto& line) { notice(line); },
        options_.lodging || options_.tell ? &options_.tell : nullptr);
    return {};
  }

  /// That, and the run's own log, which has no other writer from now on.
  Result<> open(const std::string& run, const std::string& drill) {
    if (const auto opened = open_workspace(run, drill); !opened) return opened;
    log_.emplace(session_.store(), journal::run_log(run), context_, journal::Writes::build_on);
    const auto tip = session_.wait<ports::Tip>(
        [&](auto done) { log_->open(std::chrono::seconds{60}, std::move(done)); });
    if (!tip) return tip.error();
    context_.epoch = log_->epoch();
    signer_->follow(journal::run_log(run));
    return {};
  }

  /// Secrets go in just before a call or a question leaves, and out of what comes back.
  void use(const std::shared_ptr<const secrets::Keyring>& keyring) {
    filling_shell_.use(keyring);
    filling_prober_.use(keyring);
    keyring_ = keyring;
  }

  engine::Settings settings() const {
    engine::Settings s;
    s.context = context_;
    s.store = session_.store_id();
    s.life = workspace_->epoch();
    s.version = kVersion;
    s.workspace = session_.workspace().string();
    s.new_id = random_id;
    s.dirty = options_.dirty;
    s.hit_by_others = [hit = options_.hit] { return hit; };
    s.frozen = options_.frozen;
    s.opened_by = options_.opened_by;
    s.receives_alerts = options_.receives_alerts;
    s.consent = options_.consent;
    s.without_secrets = without_secrets();
    return s;
  }

  std::function<std::string(std::string)> without_secrets() const {
    return [keyring = keyring_](std::string text) {
      return keyring ? keyring->redactor().redacted(std::move(text)) : text;
    };
  }

  Result<> note_in_workspace(journal::Draft draft) { return workspace_->note(std::move(draft)); }

  /// The entry that closes the run in the workspace's log, its signature, and who else shall know.
  Result<> close_with(journal::Draft draft) {
    if (const auto noted = note_in_workspace(std::move(draft)); !noted) return noted;
    if (const auto is_signed = signer_->sign(); !is_signed)
      notice("WARNING: the end of this run is not signed: " + to_string(is_signed.error()));
    tell_witnesses(session_, *workspace_, *signer_, [this](const auto& line) { notice(line); });
    told_->last_moment();
    return {};
  }

  /// The run's own log was, at some time: it had entries then.
  bool was_signed() const {
    const auto* newest = signer_->checkpoints().newest(journal::run_log(context_.run));
    return newest && newest->checkpoint.head.size > 0;
  }

  /// {size, root}: what run.closed keeps of the run's own log, as a witness.
  Result<Json> end_of_log() {
    std::vector<std::string> bytes;
    const auto size = session_.wait<std::uint64_t>([&](auto done) {
      journal::read_log(
          session_.store(), journal::run_log(context_.run),
          [&](const ports::Stored& s) { bytes.push_back(s.bytes); }, std::move(done));
    });
    if (!size) return size.error();
    const auto verified = journal::verify(bytes, context_.run);
    return Json{{"size", verified.size}, {"root", hex(verified.root)}};
  }

  /// A line of Muster's own, which does not belong into the JSON of --json.
  void notice(const std::string& text) {
    if (options_.lodging)
      options_.lodging->line(text);
    else if (options_.json)
      notices_.write(fmt::format("muster: {}\n", text));
    else
      view_ ? view_->note(text) : say(text);
  }

  Instant now() const { return clock_.now(); }
  WallTime wall() const { return clock_.wall(); }

  /// Until the run is over; then the workspace log gets its size and root.
  Result<> drive(engine::Machine& machine, const std::function<void(engine::Driver&)>& start) {
    LiveView::Options how{options_.json, options_.ask_here, {}, context_.run};
    if (options_.lodging) how.line_to = options_.lodging->line;
    LiveView view{session_.io(), clock_, machine.plan(), std::move(how)};
    view_ = &view;
    auto driven = drive(machine, view, start);
    view_ = nullptr;
    return driven;
  }

 private:
  Result<> drive(engine::Machine& machine, LiveView& view,
                 const std::function<void(engine::Driver&)>& start) {
    bool over = false;
    WatchedProber prober{filling_prober_, [&](const auto& service, const auto& samples) {
                           view.sampled(service, samples);
                         }};
    WitnessingShell witnessing{filling_shell_, [this] { return newest_checkpoint(); }};
    engine::Driver driver{machine,
                          {clock_, witnessing, prober, *log_},
                          [&](const journal::Draft& d) {
                            view.show(d);
                            signer_->appended(1);
                            told_->tell(context_, machine.plan(), d, without_secrets());
                          },
                          [&] { over = true; }};
    view.on_answer([&](const std::string& step, const std::map<std::string, std::string>& answers) {
      engine::Request request;
      request.what = engine::Request::What::answer;
      request.actor = who_am_i();
      request.step = step;
      request.answers = answers;
      return driver.request(std::move(request));
    });
    if (!options_.lodging) stops_->listen();
    const auto door = RunDoor::open(
        context_.run,
        {session_, *workspace_, clock_, machine, driver, [this](const auto& line) { notice(line); },
         [this](const auto& what, auto refused) {
           return stops_->answered(what, std::move(refused));
         }},
        options_.lodging);
    if (!door) return door.error();
    signer_->begin();
    if (options_.frozen) watch_freezes(driver);
    start(driver);
    if (!options_.lodging) stops_->watch(driver, view);
    session_.run_until([&] { return over; });
    stops_->cancel();
    clock_.cancel(freeze_look_);
    bool down = false;
    shell_.shutdown([&] { down = true; });
    session_.run_until([&] { return down; });
    notices_.drain(std::chrono::seconds{2});
    if (driver.record_lost()) return record_lost(session_, *driver.record_lost());
    return close(machine);
  }

  /// Of the workspace's log; "" when it was never signed.
  std::string newest_checkpoint() const {
    const auto newest = signer_->newest();
    const bool own = !newest.empty() && newest.front().log == journal::kWorkspaceLog;
    return own ? checkpoint_line(newest.front()) : std::string{};
  }

  shell::Options shell_options() {
    shell::Options options;
    options.transport = &ssh_;
    options.notice = [this](const std::string& host, const std::string& why) {
      notice(fmt::format("{} is reached by the system's ssh: {}", host, why));
    };
    return options;
  }

  /// A freeze that begins while a drill goes on ends it, as a person would.
  void watch_freezes(engine::Driver& driver) {
    freeze_look_ = clock_.at(clock_.now() + kFreezeLook, [this, &driver] {
      if (const auto why = options_.frozen(); !why.empty()) {
        engine::Request request;
        request.actor = {"muster", "schedule", "", ""};
        request.reason = "frozen: " + why;
        if (driver.request(request).empty())
          return notice("Stopping: frozen: " + why + ". Everything is reverted first.");
      }
      watch_freezes(driver);
    });
  }

  Result<> close(const engine::Machine& machine) {
    auto end = end_of_log();
    if (!end) return end.error();
    journal::Draft d;
    d.action = kinds::kRunClosed;
    d.outcome = machine.state().result.value_or("");
    d.data = std::move(*end);
    if (machine.state().verdict.is_object() && machine.state().verdict.contains("state"))
      d.data["state"] = machine.state().verdict.at("state");
    d.data["summary"] = history::closing_of(machine.state());
    return close_with(std::move(d));
  }

  Session& session_;
  const RunOptions& options_;
  clock::AsioClock clock_;
  terminal::Output notices_;  // beside a view: a pipe that is not read must not hold up a run
  ssh::SshTransport ssh_;
  shell::RealShell shell_;
  probes::RealProber prober_;
  secrets::SecretShell filling_shell_;
  secrets::SecretProber filling_prober_;
  std::shared_ptr<const secrets::Keyring> keyring_;
  journal::Context context_;
  std::optional<WorkspaceLog> workspace_;
  std::optional<RunStops> stops_;
  std::optional<Signer> signer_;
  std::optional<RunNotices> told_;
  std::optional<journal::Writer> log_;
  LiveView* view_ = nullptr;  // while one run is driven
  ports::Clock::Timer freeze_look_ = 0;
};

}  // namespace

Result<Begun> run_plan(Session& session, plan::Plan plan, const RunOptions& options) {
  // First of all: without its secrets nothing is begun.
  const auto keyring = session.vault().open(plan.secrets);
  if (!keyring->problems().empty()) return nothing_begun(keyring->problems().front());
  Runner runner{session, options};
  runner.use(keyring);
  const std::string run =
      options.run.empty()
          ? run_id(std::chrono::time_point_cast<Duration>(std::chrono::system_clock::now()))
          : options.run;
  const std::string drill = plan.drill;
  const std::string hash = hex(plan::content_hash(plan));
  if (const auto opened = runner.open(run, drill); !opened)
    return nothing_begun(with_room(session, opened.error()));
  if (options.stop_asked && options.stop_asked())
    return Error{"stopped before it was begun", "once more, when it is to be"};
  engine::Machine machine{std::move(plan), runner.settings()};
  journal::Draft d;
  d.action = kinds::kRunOpened;
  d.actor = options.opened_by;
  d.data = options.opened.is_object() ? options.opened : Json::object();
  d.data["plan"] = hash;
  // First in the workspace's log: a run that dies in its first moment is found there.
  if (const auto noted = runner.note_in_workspace(std::move(d)); !noted)
    return nothing_begun(with_room(session, noted.error()));
  if (!options.json)
    runner.notice(fmt::format("RUN {} of {} (plan {})", run, drill, hash.substr(0, 16)));
  if (const auto done = runner.drive(machine, [](engine::Driver& driver) { driver.begin(); });
      !done) {
    if (!has_begun(machine.state())) return nothing_begun(with_room(session, done.error()));
    return Begun{run, done.error()};
  }
  return Begun{run, {}};
}

Result<> recover_run(Session& session, const RunRow& row, const RunOptions& options) {
  Runner runner{session, options};
  if (const auto opened = runner.open(row.run, row.drill); !opened) return opened.error();
  auto record = load_record(session, row, Samples::leave);
  if (!record) {
    // Opened in the workspace's log and died before its own first entry: nothing was done, nothing
    // to revert.
    journal::Draft d;
    d.action = kinds::kRunClosed;
    d.outcome = "NOT_RUN";
    d.data = Json{{"state", "clean"}, {"why", record.error().what}};
    const auto tip = session.wait<ports::Tip>(
        [&](auto done) { session.store().tip(journal::run_log(row.run), std::move(done)); });
    if (!tip || tip->size > 0 || runner.was_signed()) return record.error();
    return runner.close_with(std::move(d));
  }
  // From where they were then. What can be healed without a missing one is healed all the same.
  const auto keyring = session.vault().open(record->plan.secrets);
  for (const auto& problem : keyring->problems()) runner.notice("WARNING: " + to_string(problem));
  runner.use(keyring);
  engine::Machine machine{record->plan, runner.settings()};
  auto said = options.said_of_hosts;
  for (auto& request : said) request.actor = who_am_i();
  auto first = machine.recover(record->entries, runner.now(), runner.wall(), said);
  if (!first) return first.error();
  return runner.drive(machine, [&](engine::Driver& driver) { driver.go_on(std::move(*first)); });
}

Result<> close_lost(Session& session, const RunRow& row, Json said, const RunOptions& options) {
  Runner runner{session, options};
  if (const auto opened = runner.open_workspace(row.run, row.drill); !opened) return opened.error();
  journal::Draft d;
  d.action = kinds::kRunClosed;
  d.outcome = row.closed ? row.result : "INVALID";
  d.data = std::move(said);
  d.data["state"] = "changed";
  if (auto end = runner.end_of_log()) d.data.update(*end);  // of a log that can be read
  return runner.close_with(std::move(d));
}

}  // namespace muster::cli
