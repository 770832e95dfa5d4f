// `muster runs` and `muster show [RUN]`.
#include <fmt/format.h>

#include "cli/commands.hpp"
#include "cli/exit.hpp"
#include "cli/record.hpp"
#include "cli/terminal.hpp"
#include "report/json.hpp"
#include "report/terminal.hpp"

namespace muster::cli {

namespace {

int runs(const Where& where, bool json) {
  const auto workspace = find_record(where);
  if (!workspace) return complain(workspace.error(), kUsage);
  auto session = Session::open_to_read(*workspace, where);
  if (!session) return complain(session.error(), kFail);
  const auto rows = list_runs(**session);
  if (!rows) return complain(rows.error(), kFail);
  if (rows->empty() && !json) say("No drill was run in this workspace yet.");
  if (!rows->empty() && !json)
    say(fmt::format("{:<24} {:<20} {:<13} {:<8} {:<16} {}", "RUN", "STARTED (UTC)", "RESULT",
                    "STATE", "BY", "DRILL"));
  for (const auto& row : *rows) {
    const std::string result = row.closed ? row.result : "OPEN";
    if (json)
      say(Json{{"run", row.run},
               {"drill", row.drill},
               {"started", format_utc(row.opened)},
               {"by", row.by},
               {"result", result},
               {"state", row.state}}
              .dump());
    else
      say(fmt::format("{:<24} {:<20} {:<13} {:<8} {:<16} {}", row.run,
                      format_utc(row.opened).substr(0, 19) + "Z", result,
                      row.closed ? row.state : "-", row.by, row.drill));
  }
  return kOk;
}

int show(const Where& where, const std::string& name, bool json, bool rewrite) {
  if (rewrite && !where.server.empty())
    return complain({"--report writes into a workspace of this machine, and --server has none here",
                     "leave one of them out; --json gives what is in the report"},
                    kUsage);
  const auto workspace = find_record(where);
  if (!workspace) return complain(workspace.error(), kUsage);
  auto session = Session::open_to_read(*workspace, where);
  if (!session) return complain(session.error(), kFail);
  const auto row = find_run(**session, name);
  if (!row) return complain(row.error(), kUsage);
  const auto record = load_record(**session, *row);
  if (!record) return complain(record.error(), kFail);
  say(json ? report::json_text(report::summarise(*record))
           : report::terminal_text(report::summarise(*record), wants_colour()));
  if (!rewrite) return kOk;
  const auto folder = write_reports(*record, *workspace);
  if (!folder) return complain(folder.error(), kFail);
  say(fmt::format("Report: {}", (*folder / "report.html").string()));
  return kOk;
}

}  // namespace

void add_runs(CLI::App& app, Where& where, int& code) {
  auto* command = app.add_subcommand("runs", "Every run of this workspace, with its verdict");
  auto json = std::make_shared<bool>(false);
  command->add_flag("--json", *json, "One JSON object a line");
  command->callback([&where, &code, json] { code = runs(where, *json); });
}

void add_show(CLI::App& app, Where& where, int& code) {
  auto* command =
      app.add_subcommand("show", "What a run did and found; the newest one when none is named");
  auto name = std::make_shared<std::string>();
  auto json = std::make_shared<bool>(false);
  auto rewrite = std::make_shared<bool>(false);
  command->add_option("RUN", *name, "Its id, or the beginning of it");
  command->add_flag("--json", *json, "The machine-readable report");
  command->add_flag("--report", *rewrite,
                    "Also what `muster report` does: its files again from the record");
  command->callback(
      [&where, &code, name, json, rewrite] { code = show(where, *name, *json, *rewrite); });
}

}  // namespace muster::cli
