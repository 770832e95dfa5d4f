// `muster recover`: brings every run whose process died to its end: reverts, holds, closes, and
// says which.
#include <fmt/format.h>

#include <algorithm>

#include "cli/commands.hpp"
#include "cli/exit.hpp"
#include "cli/recovery.hpp"
#include "cli/terminal.hpp"

namespace muster::cli {

namespace {

struct Words {
  std::vector<std::string> gone;
  std::string reason;
  bool wiped = false;
  bool json = false;
};

Result<RunOptions> options_of(const Words& words) {
  RunOptions options{false, words.json, {}};
  if (words.gone.empty() && (words.wiped || !words.reason.empty()))
    return Error{"--reason and --wiped say more about a host that is gone", "name it: --gone HOST"};
  if (!words.gone.empty() && words.reason.empty())
    return Error{"who declares a host gone for good owes a reason", "--reason \"why\""};
  for (const auto& host : words.gone) {
    engine::Request request;
    request.what = engine::Request::What::gone;
    request.host = host;
    request.reason = words.reason;
    request.wiped = words.wiped;
    options.gone.push_back(std::move(request));
  }
  return options;
}

/// Runs that are open or dirty; an error when none of them has a host that is said to be gone.
Result<std::vector<RunRow>> due(Session& session, const RunOptions& options) {
  auto rows = list_runs(session);
  if (!rows) return rows;
  std::erase_if(*rows, [](const RunRow& row) { return !row.needs_recovery(); });
  for (const auto& request : options.gone) {
    const bool known = std::any_of(rows->begin(), rows->end(), [&](const RunRow& row) {
      const auto record = load_record(session, row);
      return record && record->plan.hosts.contains(request.host);
    });
    if (!known)
      return Error{fmt::format("no run that is left open or dirty has a host '{}'", request.host),
                   "`muster runs` lists them, `muster show RUN` their hosts"};
  }
  return rows;
}

int recover(const Where& where, const Words& words) {
  const auto options = options_of(words);
  if (!options) return complain(options.error(), kUsage);
  const auto workspace = find_workspace(where);
  if (!workspace) return complain(workspace.error(), kUsage);
  auto session = Session::open(*workspace);
  if (!session) return complain(session.error(), kFail);
  const auto rows = due(**session, *options);
  if (!rows) return complain(rows.error(), options->gone.empty() ? kFail : kUsage);
  const auto recovery = recover_all(**session, *rows, *options);
  if (words.json) {
    say(summary_json(recovery).dump(2, ' ', false, Json::error_handler_t::replace));
  } else if (rows->empty()) {
    say("Nothing to recover: every run of this workspace was brought to its end, and none left "
        "anything behind.");
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
  auto words = std::make_shared<Words>();
  command->add_option("--gone", words->gone,
                      "A host that will never come back: nothing is to be undone on it");
  command->add_option("--reason", words->reason, "Why, for the record; owed with --gone");
  command->add_flag("--wiped", words->wiped,
                    "With --gone: what was restored to its disk is destroyed");
  command->add_flag("--json", words->json, "Progress and summary as JSON");
  command->callback([&where, &code, words] { code = recover(where, *words); });
}

}  // namespace muster::cli
