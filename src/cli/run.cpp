// `muster run DRILL`: executes exactly the plan, reports, and exits with the verdict.
#include <fmt/format.h>

#include "base/text.hpp"
#include "cli/commands.hpp"
#include "cli/exit.hpp"
#include "cli/freeze_watch.hpp"
#include "cli/notifier.hpp"
#include "cli/plan_hash.hpp"
#include "cli/recover_first.hpp"
#include "cli/run_loss.hpp"
#include "cli/run_remote.hpp"
#include "cli/runner.hpp"
#include "cli/start_consent.hpp"
#include "cli/stop_watch.hpp"
#include "cli/terminal.hpp"
#include "cli/timetables.hpp"
#include "report/terminal.hpp"

namespace muster::cli {

namespace {

struct RunWords {
  std::string drill;
  bool only_plan = false;  // also of an empty hash: a variable that was not set is no permission
  std::string plan_hash;
  bool json = false;
  bool allow_production = false;
  bool allow_dirty = false;
  bool no_input = false;
  SignWith sign;
};

/// What is not proven undone of it, by host.
void add_hit(Session& session, const std::string& run, std::map<std::string, std::string>& hit) {
  const auto row = find_run(session, run);
  const auto record = row ? load_record(session, *row) : Result<report::Record>{row.error()};
  if (!record) return;
  for (const auto& e : record->state.effects)
    if (!journal::is_over(e.status))
      hit[e.host] = fmt::format("{} of run {} is not proven undone ({})", e.script, run,
                                journal::name_of(e.status));
}

/// The verdict, the report, and the exit code that says it.
int tell_end(Session& session, const std::string& run, const RunWords& words) {
  const auto row = find_run(session, run);
  if (!row) return complain(row.error(), kDirty);
  const auto record = load_record(session, *row);
  if (!record) return complain(record.error(), kDirty);
  const auto folder = write_reports(*record, session.workspace());
  if (!words.json) {
    say("");
    say(report::terminal_text(report::summarise(*record), wants_colour()));
    if (folder) say(fmt::format("Report: {}", (*folder / "report.html").string()));
  }
  if (!folder) complain(folder.error(), kFail);
  return record->state.verdict.value("exit_code", kInconclusive);
}

/// A server holds the store: it runs the drill, and this terminal follows it.
int run_there(const Where& where, const std::filesystem::path& workspace,
              const std::shared_ptr<http::Client>& server, const plan::Plan& plan,
              const RunWords& words) {
  auto session = Session::open_to_read(workspace);
  if (!session) return complain(session.error(), kNotRun);
  const RemoteRun wish{where,      words.sign,     plan, words.allow_production, words.allow_dirty,
                       words.json, !words.no_input};
  auto done = run_on_server(server, **session, wish);
  if (!done) return complain(done.error(), kNotRun);
  if (!done->broke) return tell_end(**session, done->run, words);
  if (!done->server_lost) return complain(*done->broke, kDirty);
  // Its end in order closes the run, and serves nobody any more: then the store itself tells.
  complain(Error{done->broke->what + ": looking what became of it"}, 0);
  session->reset();
  auto after = after_server(workspace, wish, *done);
  if (!after) return complain(after.error(), kDirty);
  if (after->run.empty())
    return complain(Error{"nothing was begun: the server ended before"}, kNotRun);
  return tell_end(*after->session, after->run, words);
}

/// Whoever must have approved has; the policy is met. Else everything that is missing is told.
int ask_consent(Session& session, const plan::Plan& plan, const RunWords& words,
                RunOptions& options) {
  const auto starts = person_starts(session, plan, words.sign);
  if (!starts) return complain(starts.error(), kNotRun);
  const auto consent = consent_to(session, plan, starts->starter, words.allow_production);
  if (!consent) return complain(consent.error(), kNotRun);
  for (const auto& missing : consent->missing) complain(missing, kNotRun);
  if (!consent->given()) return kNotRun;
  options.opened_by = starts->actor;
  options.consent = opened_with(*consent, starts->proof);
  return kOk;
}

/// What earlier runs left is brought to its end, and nothing new is begun on top of what remains.
int ask_the_past(Session& session, const plan::Plan& plan, const RunWords& words,
                 RunOptions& options) {
  options.waits = fmt::format("the drill that waits for it ({})", plan.drill);
  auto dirty = recover_first(session, options);
  options.waits.clear();
  if (!dirty) return complain(dirty.error(), needs_recovery(session) ? kDirty : kNotRun);
  if (options.stop_asked()) {
    const bool is_left = needs_recovery(session);
    return complain({is_left ? "stopped before it was begun: an earlier run is not proven undone, "
                               "nothing new is begun on top of it"
                             : "stopped before it was begun",
                     "`muster run` again, when it is to be"},
                    is_left ? kDirty : kNotRun);
  }
  if (!dirty->empty() && !words.allow_dirty)
    return complain({fmt::format("{} of this workspace left something that is not proven undone: "
                                 "nothing new is begun on top of it",
                                 joined(*dirty, ", ")),
                     "look there, mend it, then `muster recover`; --allow-dirty begins all the "
                     "same, and the record says so"},
                    kDirty);
  for (const auto& run : *dirty) add_hit(session, run, options.hit);
  options.dirty = std::move(*dirty);
  return kOk;
}

int run(const Where& where, const RunWords& words) {
  if (const auto enough = enough_digits(words.plan_hash); words.only_plan && !enough)
    return complain(enough.error(), kUsage);
  const auto workspace = find_workspace(where);
  if (!workspace) return complain(workspace.error(), kUsage);
  auto plan = load_plan(*workspace, words.drill);
  if (!plan) return kUsage;
  const std::string hash = hex(plan::content_hash(*plan));
  if (!hash.starts_with(words.plan_hash))
    return complain({fmt::format("the plan is {}, not {}", hash.substr(0, 16), words.plan_hash),
                     "its files changed since it was read: look at `muster plan` again"},
                    kUsage);
  if (const auto refused = consent::unallowed_production(*plan, words.allow_production))
    return complain(*refused, kUsage);
  const auto server = find_server(*workspace);
  if (!server) return complain(server.error(), kNotRun);
  if (*server) return run_there(where, *workspace, *server, *plan, words);
  const auto times = load_drill_times(*workspace, words.drill);
  if (!times) return kUsage;
  const auto frozen = freeze_watch(*workspace, times->front().table);
  if (const auto why = frozen(); !why.empty())
    return complain(Error{"frozen, nothing was begun: " + why,
                          "wait for its end, mend the calendar, or let the drill's file say "
                          "`schedule: {freeze: none, …}`"},
                    kNotRun);
  auto session = Session::open(*workspace);
  if (!session) return complain(nothing_begun(session.error()), kNotRun);
  if (const auto keyring = (*session)->vault().open(plan->secrets); !keyring->problems().empty()) {
    for (const auto& problem : keyring->problems()) complain(problem, kNotRun);
    return kNotRun;
  }
  RunOptions options;
  options.ask_here = !words.no_input;
  options.json = words.json;
  if (const int refused = ask_consent(**session, *plan, words, options); refused != kOk)
    return refused;
  StopWatch stop{**session};
  stop.follow(options);
  if (const int refused = ask_the_past(**session, *plan, words, options); refused != kOk)
    return refused;
  options.frozen = frozen;
  const auto done = run_plan(**session, std::move(*plan), options);
  if (!done) return complain(done.error(), kNotRun);
  if (done->broke) return complain(*done->broke, kDirty);
  return tell_end(**session, done->run, words);
}

}  // namespace

void add_run(CLI::App& app, Where& where, int& code) {
  auto* command = app.add_subcommand("run", "Executes a drill; its exit status is the verdict");
  auto words = std::make_shared<RunWords>();
  command->add_option("DRILL", words->drill, "Name of a drill, or path of its file")->required();
  auto* only = command
                   ->add_option("--plan", words->plan_hash,
                                "Run only if the plan's hash begins so: 12 digits or more")
                   ->type_name("HASH");
  command->add_flag("--json", words->json,
                    "Progress as JSON lines, one for each entry of the journal");
  command->add_flag("--allow-production", words->allow_production,
                    "Also on hosts that are production, of which no policy speaks");
  command->add_flag("--allow-dirty", words->allow_dirty,
                    "Also while an earlier run is not proven undone; the record names it");
  command->add_flag("--no-input", words->no_input,
                    "Never ask on this terminal; `muster step answer` still works");
  add_sign_options(*command, words->sign);
  command->footer(
      "Exit status: 0 PASS, 1 FAIL, 2 usage or bad files, 3 INCONCLUSIVE, 4 INVALID,\n"
      "5 NOT_RUN or ABORTED, 6 something is not proven undone, whatever the result.");
  command->callback([&where, &code, words, only] {
    words->only_plan = only->count() > 0;
    words->plan_hash = hash_digits(words->plan_hash);
    code = run(where, *words);
  });
}

}  // namespace muster::cli
