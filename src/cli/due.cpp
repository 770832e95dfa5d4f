// `muster due [--run]`: what a server would start now, from cron or a systemd timer; the same
// decisions, the same record, one drill after the other.
#include <fmt/format.h>

#include <algorithm>

#include "adapters/clock/asio_clock.hpp"
#include "base/text.hpp"
#include "cli/commands.hpp"
#include "cli/entries.hpp"
#include "cli/exit.hpp"
#include "cli/freeze_watch.hpp"
#include "cli/library.hpp"
#include "cli/overdue_notice.hpp"
#include "cli/record.hpp"
#include "cli/recover_first.hpp"
#include "cli/run_remote.hpp"
#include "cli/seed_file.hpp"
#include "cli/start_consent.hpp"
#include "cli/stop_watch.hpp"
#include "cli/terminal.hpp"
#include "cli/timetables.hpp"
#include "cli/who.hpp"
#include "journal/logs.hpp"
#include "journal/run_state.hpp"
#include "report/terminal.hpp"
#include "scheduler/entries.hpp"

namespace muster::cli {

namespace {

struct DueWords {
  bool run = false;
  bool allow_production = false;
};

/// One process's look at the schedules: reads the record anew each time, since runs write to it.
class Turn {
 public:
  /// `closed`: "" or why nothing may start, whatever the record says.
  Turn(Session& session, const Library& library, std::string seed, bool allow_production,
       std::string closed)
      : session_{session},
        library_{library},
        allow_production_{allow_production},
        closed_{std::move(closed)},
        clock_{session.io()},
        decider_{std::move(seed)} {
    context_.boot_id = boot_id();
    context_.actor = who_am_i();
    decider_.use(library.jobs());
  }

  Result<> open() {
    const auto size = each_entry(session_, journal::kWorkspaceLog, [this](const auto& stored) {
      if (const auto entry = journal::read_entry(stored)) {
        scheduler::apply(standing_, *entry);
        basis_.add(*entry);
      }
    });
    if (!size) return size.error();
    log_.emplace(session_, clock_, context_);
    log_->follow([this](const journal::Draft& d) {
      scheduler::apply(standing_, journal::entry_of(d, context_));
      decider_.touch(d.drill);
    });
    return {};
  }

  scheduler::Decisions decide() {
    scheduler::Situation situation;
    situation.now = clock_.wall();
    situation.at_once_max = 1;
    situation.closed = closed_;
    if (!standing_.dirty.empty())
      situation.closed =
          fmt::format("{} left something that is not proven undone", joined(standing_.dirty, ", "));
    situation.missing = [this](const schedule::Occurrence& o) { return missing(o); };
    return decider_.decide(standing_, situation);
  }

  consent::Consent consent(const plan::Plan& plan) const {
    return basis_.ask(plan, session_.store_id(), library_.witnesses(),
                      {"schedule", "", false, false}, clock_.wall(), allow_production_);
  }

  /// Writes everything but the starts down; `first`: the start that was written, and may begin now.
  Result<std::optional<scheduler::Start>> write(const scheduler::Decisions& d) {
    if (!opened_) {
      if (const auto opened = log_->open(); !opened) return opened.error();
      opened_ = true;
    }
    std::vector<journal::Write> all;
    for (const auto& drill : d.fresh)
      for (const auto& job : decider_.jobs())
        if (job.schedule.drill() == drill)
          all.push_back(scheduler::known(drill, job.rule, job.schedule.zone().local(clock_.wall()),
                                         job.schedule.zone().name()));
    for (const auto& m : d.missed) {
      say(fmt::format("{}: nothing came of {}{}: {}", m.drill, schedule::format_local(m.first),
                      m.count > 1 ? fmt::format(" and {} more", m.count - 1) : "", m.why));
      all.push_back(scheduler::missed(m.drill, m.first, m.last, m.count, m.why, m.asks));
    }
    for (const auto& o : d.queued) all.push_back(scheduler::queued(o));
    for (const auto& o : d.committed) all.push_back(scheduler::committed(o));
    for (const auto& a : d.announced) all.push_back(scheduler::announced(a.occurrence, a.before));
    for (auto& one : all)
      if (const auto noted = log_->note(std::move(one)); !noted) return noted.error();
    if (d.starts.empty()) return std::optional<scheduler::Start>{};
    const auto& start = d.starts.front();
    const auto& zone = library_.tables().at(start.occurrence.drill).schedule->zone();
    if (const auto noted = log_->note(scheduler::started(start.occurrence, start.how, zone));
        !noted)
      return noted.error();
    return std::optional{start};
  }

  /// Occurrences that got their start before there was a run, and why there was none.
  Result<> note_lost(const std::string& why) {
    for (const auto& [drill, of] : std::map{standing_.drills}) {
      if (!of.started || !of.started->run.empty() || of.started->nominal != of.decided) continue;
      if (!opened_)
        if (const auto opened = log_->open(); !opened) return opened;
      opened_ = true;
      const auto at = of.started->nominal;
      if (const auto noted = log_->note(scheduler::missed(drill, at, at, 1, why, false)); !noted)
        return noted;
    }
    return {};
  }

 private:
  std::string missing(const schedule::Occurrence& o) const {
    const auto plan = library_.plan(o.drill);
    if (!plan) return "its plan cannot be made: " + plan.error().what;
    const auto asked = consent(*plan);
    return asked.given() ? std::string{} : to_string(asked.missing.front());
  }

  Session& session_;
  const Library& library_;
  bool allow_production_;
  std::string closed_;
  clock::AsioClock clock_;
  journal::Context context_;
  scheduler::Decider decider_;
  scheduler::Standing standing_;
  ConsentBasis basis_;
  std::optional<WorkspaceLog> log_;
  bool opened_ = false;
};

/// What is due, one after the other, until nothing more may begin or somebody wants it to end.
class DueRuns {
 public:
  DueRuns(Session& session, const Library& library, const std::string& seed, const DueWords& words)
      : session_{session}, library_{library}, seed_{seed}, words_{words}, stop_{session} {}

  int all() {
    recover();
    for (;;) {
      const auto next = this->next();
      if (!next) return std::max(worst_, complain(next.error(), kFail));
      if (!*next && stop_.asked()) return stopped();
      if (!*next) break;
      if (const auto ran = run(**next); !ran) return std::max(worst_, complain(ran.error(), kFail));
      if (stop_.asked()) return stopped();
    }
    tell_overdue(session_, library_, [](const std::string& text) { complain(Error{text}, 0); });
    return worst_;
  }

 private:
  void ends_with(int code) { worst_ = std::max(worst_, code); }

  int stopped() {
    say("Stopped: nothing else is started now. What is due waits for the next time.");
    ends_with(needs_recovery(session_) ? kDirty : kNotRun);
    return worst_;
  }

  /// As the server does it: first what a dead process left. While something of it remains, what is
  /// due waits.
  void recover() {
    RunOptions options;
    options.ask_here = false;
    options.waits = "what is due";
    stop_.follow(options);
    const auto dirty = recover_first(session_, options);
    if (!dirty) {
      complain(dirty.error(), kDirty);
      closed_ = dirty.error().what;
      ends_with(kDirty);
    } else if (!dirty->empty()) {
      closed_ = fmt::format("{} left something that is not proven undone", joined(*dirty, ", "));
      ends_with(kDirty);
    }
    if (worst_ == kDirty && !stop_.asked())
      complain({"nothing is started on top of what an earlier run left: what is due waits, and is "
                "missed when its start_within is over",
                "look there, mend it, then `muster recover`"},
               kDirty);
  }

  /// The start that was written down, and may begin now; nothing: nothing more.
  Result<std::optional<scheduler::Start>> next() {
    Turn turn{session_, library_, seed_, words_.allow_production, closed_};
    if (const auto opened = turn.open(); !opened) return opened.error();
    if (const auto noted = turn.note_lost("the process died before its run began"); !noted)
      return noted.error();
    while (!stop_.asked()) {
      const auto decisions = turn.decide();
      if (decisions.empty()) {
        // Nothing more is started: what waits now could not be.
        for (const auto& [drill, waits] : decisions.waiting) {
          say(fmt::format("{} is due, and waits: {}", drill, waits));
          ends_with(kNotRun);
        }
        break;
      }
      auto written = turn.write(decisions);
      if (!written || *written) return written;
    }
    return std::optional<scheduler::Start>{};
  }

  /// An error: the record cannot be written.
  Result<> run(const scheduler::Start& start) {
    auto plan = library_.plan(start.occurrence.drill);
    if (!plan) return not_begun(plan.error(), kUsage);
    const auto consent = consent_to(*plan);
    if (!consent) return consent.error();
    RunOptions options;
    stop_.follow(options);
    options.consent = *consent;
    options.ask_here = false;
    options.actor = journal::Actor{"schedule", "schedule", "", ""};
    options.opened = {{"occurrence", scheduler::occurrence_json(start.occurrence, start.how)}};
    options.frozen =
        freeze_watch(session_.workspace(), library_.tables().at(start.occurrence.drill));
    const auto done = run_plan(session_, std::move(*plan), options);
    if (!done) return not_begun(done.error(), kNotRun);
    if (done->broke) {
      ends_with(kDirty);
      return *done->broke;
    }
    return tell_end(done->run);
  }

  Result<> tell_end(const std::string& run) {
    const auto row = find_run(session_, run);
    const auto record = row ? load_record(session_, *row) : Result<report::Record>{row.error()};
    if (!record) {
      ends_with(kDirty);
      return record.error();
    }
    say(report::terminal_text(report::summarise(*record), wants_colour()));
    const auto folder = write_reports(*record, session_.workspace());
    if (!folder) complain(folder.error(), kFail);
    ends_with(record->state.verdict.value("exit_code", kInconclusive));
    return {};
  }

  Result<Json> consent_to(const plan::Plan& plan) {
    Turn turn{session_, library_, seed_, words_.allow_production, closed_};
    if (const auto opened = turn.open(); !opened) return opened.error();
    return opened_with(turn.consent(plan), {});
  }

  /// It got its start, which is given once.
  Result<> not_begun(const Error& why, int code) {
    ends_with(complain(why, code));
    Turn turn{session_, library_, seed_, words_.allow_production, closed_};
    if (const auto opened = turn.open(); !opened) return opened;
    return turn.note_lost(bounded(printable(to_string(why)), 1'000));
  }

  Session& session_;
  const Library& library_;
  const std::string& seed_;
  const DueWords& words_;
  StopWatch stop_;
  std::string closed_;  // why nothing may start
  int worst_ = kOk;
};

/// What `--run` would do before it starts anything.
Result<> tell_left(Session& session) {
  const auto rows = list_runs(session);
  if (!rows) return rows.error();
  for (const auto& row : *rows)
    if (row.needs_recovery())
      say(fmt::format(
          "Run {} of {} {}: it would be recovered first", row.run, row.drill,
          row.closed ? "left something that is not proven undone" : "was not brought to its end"));
  return {};
}

int due(const Where& where, const DueWords& words) {
  const auto workspace = find_workspace(where);
  if (!workspace) return complain(workspace.error(), kUsage);
  if (!load_drill_times(*workspace, "")) return kUsage;
  const auto server = find_server(*workspace);
  if (!server) return complain(server.error(), kFail);
  if (*server)
    return complain({"a server keeps to the schedules of this workspace",
                     "`muster schedule list` shows them; nothing else is needed"},
                    kNotRun);
  Library library{*workspace};
  if (const auto read = library.refresh(); !read.errors.empty())
    return complain(Error{read.errors}, kUsage);
  auto session = Session::open(*workspace);
  if (!session) return complain(session.error(), kNotRun);
  const auto seed = schedule_seed((*session)->state_folder());
  if (!seed) return complain(seed.error(), kFail);
  if (words.run) return DueRuns{**session, library, *seed, words}.all();
  if (const auto told = tell_left(**session); !told) return complain(told.error(), kFail);
  Turn turn{**session, library, *seed, words.allow_production, {}};
  if (const auto opened = turn.open(); !opened) return complain(opened.error(), kFail);
  const auto decisions = turn.decide();
  for (const auto& start : decisions.starts)
    say(fmt::format("{} would start now, for {} ({})", start.occurrence.drill,
                    schedule::format_local(start.occurrence.nominal), start.how));
  for (const auto& miss : decisions.missed)
    say(fmt::format("{}: nothing would come of {}: {}", miss.drill,
                    schedule::format_local(miss.first), miss.why));
  for (const auto& [drill, why] : decisions.waiting)
    say(fmt::format("{} is due, and would wait: {}", drill, why));
  for (const auto& drill : decisions.fresh)
    say(fmt::format("{}: its schedule would count from now on", drill));
  if (decisions.starts.empty() && decisions.missed.empty() && decisions.waiting.empty() &&
      decisions.fresh.empty())
    say("Nothing is due.");
  return kOk;
}

}  // namespace

void add_due(CLI::App& app, Where& where, int& code) {
  auto* command = app.add_subcommand(
      "due", "What is due now; with --run it is run, one after the other: for cron and timers");
  auto words = std::make_shared<DueWords>();
  command->add_flag("--run", words->run, "Runs it, with the same record as a server's");
  command->add_flag("--allow-production", words->allow_production,
                    "Also on hosts that are production");
  command->footer(
      "Exit status: of several runs the highest of `muster run`'s; 0 when nothing was due, 5 when\n"
      "something waits or it was stopped, 6 while something is not proven undone.\n"
      "Call it every minute or every few: a drill that is later than its start_within is missed.");
  command->callback([&where, &code, words] { code = due(where, *words); });
}

}  // namespace muster::cli
