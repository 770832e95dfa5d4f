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
#include "cli/terminal.hpp"
#include "cli/timetables.hpp"
#include "cli/who.hpp"
#include "journal/logs.hpp"
#include "journal/run_state.hpp"
#include "report/terminal.hpp"
#include "scheduler/entries.hpp"

namespace muster::cli {

namespace {

struct Words {
  bool run = false;
  bool allow_production = false;
};

/// One process's look at the schedules: reads the record anew each time, since runs write to it.
class Turn {
 public:
  Turn(Session& session, const Library& library, std::string seed, bool allow_production)
      : session_{session},
        library_{library},
        allow_production_{allow_production},
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

  /// Occurrences that got their start from a process that died before there was a run.
  Result<> note_lost() {
    for (const auto& [drill, of] : std::map{standing_.drills}) {
      if (!of.started || !of.started->run.empty() || of.started->nominal != of.decided) continue;
      if (!opened_)
        if (const auto opened = log_->open(); !opened) return opened;
      opened_ = true;
      const auto at = of.started->nominal;
      if (const auto noted = log_->note(
              scheduler::missed(drill, at, at, 1, "the process died before its run began", false));
          !noted)
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
  clock::AsioClock clock_;
  journal::Context context_;
  scheduler::Decider decider_;
  scheduler::Standing standing_;
  ConsentBasis basis_;
  std::optional<WorkspaceLog> log_;
  bool opened_ = false;
};

/// Its exit code, as `muster run` would end.
Result<int> run_one(Session& session, const Library& library, const scheduler::Start& start,
                    plan::Plan plan, Json consent, bool& stopped) {
  RunOptions options;
  options.asked_to_stop = [&stopped] { stopped = true; };
  options.consent = std::move(consent);
  options.ask_here = false;
  options.actor = journal::Actor{"schedule", "schedule", "", ""};
  options.opened = {{"occurrence", scheduler::occurrence_json(start.occurrence, start.how)}};
  options.frozen = freeze_watch(session.workspace(), library.tables().at(start.occurrence.drill));
  const auto done = run_plan(session, std::move(plan), options);
  if (!done) return done.error();
  const auto row = find_run(session, *done);
  if (!row) return row.error();
  const auto record = load_record(session, *row);
  if (!record) return record.error();
  say(report::terminal_text(report::summarise(*record), wants_colour()));
  const auto folder = write_reports(*record, session.workspace());
  if (!folder) complain(folder.error(), kFail);
  return record->state.verdict.value("exit_code", kInconclusive);
}

int run_due(Session& session, const Library& library, const std::string& seed, const Words& words) {
  int worst = kOk;
  bool stopped = false;  // who stops a drill does not want the next one
  // As the server does it: first what a dead process left, then what is due.
  const auto dirty = recover_first(session, {});
  if (!dirty) return complain(dirty.error(), needs_recovery(session) ? kDirty : kNotRun);
  for (;;) {
    std::optional<scheduler::Start> begun;
    Json consent;
    auto plan = Result<plan::Plan>{Error{""}};
    {
      Turn turn{session, library, seed, words.allow_production};
      if (const auto opened = turn.open(); !opened) return complain(opened.error(), kFail);
      if (const auto noted = turn.note_lost(); !noted) return complain(noted.error(), kFail);
      while (!begun) {
        const auto decisions = turn.decide();
        if (decisions.empty()) {
          // Nothing more is started: what waits now could not be.
          for (const auto& [drill, waits] : decisions.waiting) {
            say(fmt::format("{} is due, and waits: {}", drill, waits));
            worst = std::max(worst, kNotRun);
          }
          break;
        }
        auto written = turn.write(decisions);
        if (!written) return complain(written.error(), kFail);
        if (!*written) continue;
        begun = std::move(*written);
        plan = library.plan(begun->occurrence.drill);
        if (!plan) return complain(plan.error(), kUsage);
        consent = opened_with(turn.consent(*plan), {});
      }
    }
    if (!begun) {
      tell_overdue(session, library, [](const std::string& text) { complain(Error{text}, 0); });
      return worst;
    }
    const auto code =
        run_one(session, library, *begun, std::move(*plan), std::move(consent), stopped);
    if (!code) return complain(code.error(), kDirty);
    worst = std::max(worst, *code);
    if (stopped) {
      say("Stopped: nothing else is started now. What is due waits for the next time.");
      return std::max(worst, kNotRun);
    }
  }
}

int due(const Where& where, const Words& words) {
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
  if (words.run) return run_due(**session, library, *seed, words);
  Turn turn{**session, library, *seed, words.allow_production};
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
  auto words = std::make_shared<Words>();
  command->add_flag("--run", words->run, "Runs it, with the same record as a server's");
  command->add_flag("--allow-production", words->allow_production,
                    "Also on hosts that are production");
  command->footer(
      "Exit status: of several runs the highest of `muster run`'s; 0 when nothing was due.\n"
      "Call it every minute or every few: a drill that is later than its start_within is missed.");
  command->callback([&where, &code, words] { code = due(where, *words); });
}

}  // namespace muster::cli
