// `muster runs` and `muster show [RUN]`.
#include <fmt/format.h>

#include <chrono>

#include "adapters/sqlite/lock_file.hpp"
#include "adapters/sqlite/store.hpp"
#include "base/text.hpp"
#include "cli/commands.hpp"
#include "cli/exit.hpp"
#include "cli/past_runs.hpp"
#include "cli/record.hpp"
#include "cli/terminal.hpp"
#include "history/annotations.hpp"
#include "journal/logs.hpp"
#include "journal/person.hpp"
#include "measure/verdict.hpp"
#include "report/json.hpp"
#include "report/terminal.hpp"

namespace muster::cli {

namespace {

struct RunsWords {
  history::Filter filter;
  std::string since, until;
  bool json = false, died = false;
};

Result<> read_moment(const std::string& text, std::optional<WallTime>& into) {
  if (text.empty()) return {};
  const auto now = std::chrono::time_point_cast<Duration>(std::chrono::system_clock::now());
  const auto at = moment_of(text, now);
  if (!at) return at.error();
  into = *at;
  return {};
}

Result<history::Filter> filter_of(const RunsWords& words) {
  auto filter = words.filter;
  if (const auto good = read_moment(words.since, filter.since); !good) return good.error();
  if (const auto good = read_moment(words.until, filter.until); !good) return good.error();
  return filter;
}

/// This process opened the store itself, so no other one runs a drill of this workspace.
bool holds_the_store(const Session& session) {
  if (session.state_folder().empty() || session.no_record()) return false;
  const auto lock = session.state_folder() / sqlite::kLockFile;
  return sqlite::LockFile::look(lock.string()).is_this_process();
}

std::string is_state(const std::string& text) {
  if (measure::drill_state(text)) return {};
  return fmt::format("'{}' is no state: clean, changed or dirty", text);
}

void print(const history::Run& run, bool alone) {
  say(fmt::format("{:<24} {:<20} {:<13} {:<8} {:<16} {}{}", one_line(run.id),
                  format_utc(run.opened).substr(0, 19) + "Z",
                  run.closed ? one_line(run.result)
                  : alone    ? "DIED"
                             : "OPEN",
                  run.closed ? one_line(run.state) : "-", one_line(journal::for_people(run.by)),
                  one_line(run.drill), run.removed ? " (record removed)" : ""));
}

int runs(const Where& where, const RunsWords& words) {
  const auto filter = filter_of(words);
  if (!filter) return complain(filter.error(), kUsage);
  const auto workspace = find_record(where);
  if (!workspace) return complain(workspace.error(), kUsage);
  auto session = Session::open_to_read(*workspace, where);
  if (!session) return complain(session.error(), kFail);
  auto past = past_runs(**session);
  if (!past) return complain(past.error(), kFail);
  if (!filter->host.empty()) fill_in(**session, *past, filter->drill);
  const bool alone = holds_the_store(**session);
  auto rows = history::filtered(past->all(), *filter);
  if (words.died && !alone) rows.clear();
  if (words.json) {
    for (const auto* run : rows) {
      auto json = cli::as_json(*run);
      if (!run->closed && alone) json["died"] = true;
      say(json.dump());
    }
    return kOk;
  }
  if (rows.empty())
    say(past->all().empty() ? "No drill was run in this workspace yet." : "No run fits.");
  else
    say(fmt::format("{:<24} {:<20} {:<13} {:<8} {:<16} {}", "RUN", "STARTED (UTC)", "RESULT",
                    "STATE", "BY", "DRILL"));
  for (const auto* run : rows) print(*run, alone);
  return kOk;
}

/// What is on hosts because of it is told as what is to be done first.
void tell_death(const report::Record& record, report::Summary& summary) {
  const std::string told = "no process runs it any more, and it was not brought to its end";
  auto& verdict = summary.verdict;
  if (!verdict.result && record.verified.intact() && record.state.unknown_kinds.empty())
    verdict.sentence = fmt::format("{} — {}: `muster recover`.", verdict.word, told);
  else
    verdict.sentence += fmt::format(" But {}: `muster recover`.", told);
  for (const auto& effect : record.state.effects)
    if (!journal::is_over(effect.status))
      verdict.dirty.push_back(fmt::format("{} on {}: {} when its process died", effect.script,
                                          effect.host, journal::name_of(effect.status)));
}

/// Of a run whose record cannot be read.
int tell_unread(const RunRow& row, Error error) {
  if (row.by_word)
    error.hint =
        fmt::format("it was closed as {}, {}, on the word of {}, {}: {}", row.result, row.state,
                    journal::for_people(printable(row.by_word->who)),
                    format_utc(row.by_word->at).substr(0, 10), one_line(row.by_word->reason));
  return complain(error, kFail);
}

struct ShowWords {
  std::string name;
  bool json = false, rewrite = false, annotations = false;
};

int show(const Where& where, const ShowWords& words) {
  if (words.rewrite && !where.server.empty())
    return complain({"--report writes into a workspace of this machine, and --server has none here",
                     "leave one of them out; --json gives what is in the report"},
                    kUsage);
  const auto workspace = find_record(where);
  if (!workspace) return complain(workspace.error(), kUsage);
  auto session = Session::open_to_read(*workspace, where);
  if (!session) return complain(session.error(), kFail);
  // That no answer comes is no fault of the command line.
  const auto tip = (*session)->wait<ports::Tip>(
      [&](auto done) { (*session)->store().tip(journal::kWorkspaceLog, std::move(done)); });
  if (!tip) return complain(tip.error(), kFail);
  const auto row = find_run(**session, words.name);
  if (!row) return complain(row.error(), kUsage);
  const auto record = load_record(**session, *row);
  if (!record) return tell_unread(*row, record.error());
  if (words.annotations) {
    say(history::annotations_of(record->state).dump());
    return kOk;
  }
  auto summary = report::summarise(*record);
  if (!row->closed && holds_the_store(**session)) tell_death(*record, summary);
  say(words.json ? report::json_text(summary) : report::terminal_text(summary, wants_colour()));
  if (!words.rewrite) return kOk;
  const auto folder = write_reports(*record, *workspace);
  if (!folder) return complain(folder.error(), kFail);
  say(fmt::format("Report: {}", (*folder / "report.html").string()));
  return kOk;
}

}  // namespace

void add_runs(CLI::App& app, Where& where, int& code) {
  auto* command = app.add_subcommand("runs", "Every run of this workspace, with its verdict");
  auto words = std::make_shared<RunsWords>();
  auto& f = words->filter;
  command->add_option("--drill", f.drill, "Only of this drill")->type_name("DRILL");
  command->add_option("--since", words->since, "Opened then or later: 2026-01-31, or 90d")
      ->type_name("WHEN");
  command->add_option("--until", words->until, "Opened before")->type_name("WHEN");
  command
      ->add_option(
          "--result", f.result,
          "PASS, FAIL, INCONCLUSIVE, INVALID, NOT_RUN, ABORTED, OPEN; DIED: it is open, and "
          "no process runs it")
      ->type_name("RESULT");
  command->add_option("--state", f.state, "clean, changed or dirty")
      ->check(is_state)
      ->type_name("STATE");
  command->add_option("--by", f.by, "Started by this principal: unix:ana")->type_name("WHO");
  command->add_option("--host", f.host, "In which this host was a target")->type_name("HOST");
  command->add_option("--limit", f.newest, "Only so many of the newest")->type_name("N");
  command->add_flag("--json", words->json, "One JSON object a line, with what was measured");
  command->callback([&where, &code, words] {
    words->died = CLI::detail::to_lower(words->filter.result) == "died";
    if (words->died) words->filter.result = "OPEN";
    code = runs(where, *words);
  });
}

void add_show(CLI::App& app, Where& where, int& code) {
  auto* command =
      app.add_subcommand("show", "What a run did and found; the newest one when none is named");
  auto words = std::make_shared<ShowWords>();
  command->add_option("RUN", words->name, "Its id, or the beginning of it");
  command->add_flag("--json", words->json, "The machine-readable report");
  command->add_flag("--annotations", words->annotations,
                    "As JSON for Grafana's annotations API: the run, its faults, the outages");
  command->add_flag("--report", words->rewrite,
                    "Also what `muster report` does: its files again from the record");
  command->callback([&where, &code, words] { code = show(where, *words); });
}

}  // namespace muster::cli
