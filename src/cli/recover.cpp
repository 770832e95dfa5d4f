// `muster recover`: brings every run whose process died to its end: reverts, holds, closes, and
// says which.
#include <fmt/format.h>

#include <algorithm>

#include "cli/commands.hpp"
#include "cli/exit.hpp"
#include "cli/owed_reason.hpp"
#include "cli/recover_lost.hpp"
#include "cli/recovery.hpp"
#include "cli/stop_watch.hpp"
#include "cli/terminal.hpp"
#include "report/summary.hpp"

namespace muster::cli {

namespace {

constexpr std::size_t kRunsTold = 10;

struct RecoverWords {
  std::vector<std::string> gone, mended;
  std::string lost;  // a run
  std::string reason;
  bool wiped = false;
  bool json = false;
};

Result<RunOptions> options_of(const RecoverWords& words) {
  RunOptions options{false, words.json, {}};
  if (words.gone.empty() && words.wiped)
    return Error{"--wiped says more about a host that is gone", "name it: --gone HOST"};
  const bool of_hosts = !words.gone.empty() || !words.mended.empty();
  if (of_hosts && !words.lost.empty())
    return Error{"--lost is about a run, --gone and --mended are about hosts", "one at a time"};
  if (!of_hosts && words.lost.empty() && !words.reason.empty())
    return Error{"--reason says why a host is gone, or what was done there by hand",
                 "name it: --gone HOST, or --mended HOST"};
  if (const auto problem = problem_of_reason(
          words.reason, "who says that a host is gone for good, or mended, owes a reason");
      of_hosts && !problem.empty())
    return Error{problem, "--reason \"why\""};
  const auto say_of = [&](const std::string& host, engine::Request::What what) {
    engine::Request request;
    request.what = what;
    request.host = host;
    request.reason = words.reason;
    request.wiped = what == engine::Request::What::gone && words.wiped;
    options.said_of_hosts.push_back(std::move(request));
  };
  for (const auto& host : words.gone) say_of(host, engine::Request::What::gone);
  for (const auto& host : words.mended) say_of(host, engine::Request::What::mended);
  return options;
}

/// Runs that are open or dirty; an error when none of them has a host that something is said of.
Result<std::vector<RunRow>> due(Session& session, const RunOptions& options) {
  auto rows = list_runs(session);
  if (!rows) return rows;
  std::erase_if(*rows, [](const RunRow& row) { return !row.needs_recovery(); });
  for (const auto& request : options.said_of_hosts) {
    const bool known = std::any_of(rows->begin(), rows->end(), [&](const RunRow& row) {
      const auto record = load_record(session, row, Samples::leave);
      return record && record->plan.hosts.contains(request.host);
    });
    if (!known)
      return Error{fmt::format("no run that is left open or dirty has a host '{}'", request.host),
                   "`muster runs` lists them, `muster show RUN` their hosts"};
  }
  return rows;
}

/// Every run was brought to its end: what of them is in place all the same, on purpose.
std::string nothing_left(Session& session) {
  const auto rows = list_runs(session);
  if (!rows) return "Nothing to recover.";
  if (rows->empty())
    return fmt::format(
        "Nothing to recover: no run is recorded in {}. What runs left that were recorded elsewhere "
        "(the store was lost, another user, another MUSTER_STATE) `muster sweep` shows.",
        session.state_folder().string());
  std::string stays;
  std::size_t changed = 0;
  for (auto row = rows->rbegin(); row != rows->rend(); ++row) {
    if (row->state != "changed") continue;
    if (++changed > kRunsTold) continue;
    const auto record = load_record(session, *row);
    if (!record) {
      stays += fmt::format("\n  run {} of {}: {}{}", row->run, row->drill, record.error().what,
                           row->by_word ? "; " + one_line(row->by_word->reason) : "");
      continue;
    }
    for (const auto& text : report::summarise(*record).verdict.changed)
      stays += fmt::format("\n  run {} of {}: {}", row->run, row->drill, text);
  }
  if (changed == 0)
    return "Nothing to recover: every run of this workspace was brought to its end, and none left "
           "anything behind.";
  if (changed > kRunsTold)
    stays += fmt::format("\n  and of {} earlier runs: `muster runs` lists them as changed",
                         changed - kRunsTold);
  return fmt::format(
      "Nothing to recover: every run of this workspace was brought to its end. By the record these "
      "left something changed, or held on purpose, which nobody undoes by itself:{}\n"
      "`muster show RUN` tells more, `muster sweep` what is in place yet. What is held and no "
      "longer wanted: `muster sweep --revert --force --reason WHY` undoes it.",
      stays);
}

int recover(const Where& where, const RecoverWords& words) {
  auto options = options_of(words);
  if (!options) return complain(options.error(), kUsage);
  const auto workspace = find_workspace(where);
  if (!workspace) return complain(workspace.error(), kUsage);
  auto session = Session::open(*workspace);
  if (!session) return complain(session.error(), kFail);
  if (!words.lost.empty()) return recover_lost(**session, words.lost, words.reason, words.json);
  const auto rows = due(**session, *options);
  if (!rows) return complain(rows.error(), options->said_of_hosts.empty() ? kFail : kUsage);
  StopWatch stop{**session};
  stop.follow(*options);
  const auto recovery = recover_all(**session, *rows, *options);
  if (words.json) {
    say(summary_json(recovery).dump(2, ' ', false, Json::error_handler_t::replace));
  } else if (rows->empty()) {
    say(nothing_left(**session));
  } else {
    say("\n" + summary_text(recovery));
    for (const auto& text : recovery.details) say("\n" + text);
  }
  return recovery.dirty ? kDirty : kOk;
}

}  // namespace

void add_recover(CLI::App& app, Where& where, int& code) {
  auto* command = app.add_subcommand(
      "recover", "Reverts what runs left behind whose process died, proves it, and closes them");
  auto words = std::make_shared<RecoverWords>();
  command->add_option("--gone", words->gone,
                      "A host that will never come back: nothing is to be undone on it");
  command->add_option(
      "--mended", words->mended,
      "A host that you looked at: you answer for what cannot be proven undone there");
  command->add_option(
      "--lost", words->lost,
      "A run whose record cannot be read: you answer for what it left on its hosts");
  command->add_option("--reason", words->reason,
                      "Why, for the record; owed with --gone, --mended and --lost");
  command->add_flag("--wiped", words->wiped,
                    "With --gone: what was restored to its disk is destroyed");
  command->add_flag("--json", words->json, "Progress and summary as JSON");
  command->callback([&where, &code, words] { code = recover(where, *words); });
}

}  // namespace muster::cli
