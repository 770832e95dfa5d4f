// `muster recover`: brings every run whose process died to its end: reverts, holds, closes, and
// says which.
#include <fmt/format.h>

#include "cli/commands.hpp"
#include "cli/exit.hpp"
#include "cli/runner.hpp"
#include "cli/terminal.hpp"
#include "report/terminal.hpp"

namespace muster::cli {

namespace {

int recover(const Where& where) {
  const auto workspace = find_workspace(where);
  if (!workspace) return complain(workspace.error(), kUsage);
  auto session = Session::open(*workspace);
  if (!session) return complain(session.error(), kFail);
  const auto rows = list_runs(**session);
  if (!rows) return complain(rows.error(), kFail);
  int code = kOk;
  std::size_t open = 0;
  for (const auto& row : *rows) {
    if (!row.needs_recovery()) continue;
    ++open;
    say(fmt::format("RECOVER {} of {}", row.run, row.drill));
    if (const auto done = recover_run(**session, row, {false, false}); !done) {
      code = complain(done.error(), kDirty);
      continue;
    }
    const auto record = load_record(**session, row);
    if (!record) continue;  // it had died before its first entry
    say(report::terminal_text(report::summarise(*record), wants_colour()));
    if (const auto folder = write_reports(*record, *workspace))
      say(fmt::format("Report: {}", (*folder / "report.html").string()));
    if (record->state.verdict.value("state", "") == "dirty") code = kDirty;
  }
  if (open == 0)
    say("Nothing to recover: every run of this workspace was brought to its end, and none left "
        "anything behind.");
  return code;
}

}  // namespace

void add_recover(CLI::App& app, Where& where, int& code) {
  auto* command = app.add_subcommand(
      "recover", "Reverts what runs left behind whose process died, proves it, and closes them");
  command->callback([&] { code = recover(where); });
}

}  // namespace muster::cli
