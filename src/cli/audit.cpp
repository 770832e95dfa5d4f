// `muster audit`: who did what; whether the record still says so, and how others can tell.
#include <fmt/format.h>

#include "base/text.hpp"
#include "cli/audit.hpp"
#include "cli/entries.hpp"
#include "cli/exit.hpp"
#include "cli/record.hpp"
#include "cli/terminal.hpp"
#include "journal/logs.hpp"

namespace muster::cli {

namespace {

struct AuditWords {
  std::string run;
  bool json = false;
  bool names = false;
};

Result<std::vector<journal::Recorded>> entries_of(Session& session, const ports::LogId& log) {
  std::vector<journal::Recorded> out;
  const auto size = each_entry(session, log, [&](const auto& s) { out.push_back(s); });
  if (!size) return size.error();
  return out;
}

int log(const Where& where, const AuditWords& words) {
  const auto workspace = find_record(where);
  if (!workspace) return complain(workspace.error(), kUsage);
  auto session = Session::open_to_read(*workspace, where);
  if (!session) return complain(session.error(), kFail);
  if ((*session)->no_record()) return complain(*(*session)->no_record(), kUsage);
  ports::LogId log = journal::kWorkspaceLog;
  if (words.run != "workspace") {
    const auto row = find_run(**session, words.run);
    if (!row) return complain(row.error(), kUsage);
    if (row->pruned && row->pruned->whole)
      return complain(
          {fmt::format("the record of run {} was {}", row->run, journal::describe(*row->pruned))},
          kFail);
    log = journal::run_log(row->run);
  }
  const auto entries = entries_of(**session, log);
  if (!entries) return complain(entries.error(), kFail);
  for (const auto& recorded : *entries) {
    if (words.json) {
      // As stored: these bytes are what is hashed; with names they are what was signed.
      say(words.names && recorded.persons ? recorded.persons->resolved_json(recorded.bytes)
                                          : recorded.bytes);
      continue;
    }
    const auto e = journal::read_entry(recorded);
    if (!e) return complain(e.error(), kFail);
    std::string line =
        fmt::format("{:>5} {} {:<14} {:<21}", e->seq, format_utc(e->ts).substr(0, 23) + "Z",
                    e->actor.principal, e->action);
    if (!e->step.empty()) line += " step=" + e->step;
    if (!e->target.host.empty()) line += " host=" + e->target.host;
    if (!e->intent_ref.empty()) line += " effect=" + e->intent_ref.substr(0, 8);
    if (!e->outcome.empty()) line += " " + e->outcome;
    if (e->data.is_object() && !e->data.empty())
      line += " " + bounded(printable(e->data.dump()), 160);
    say(journal::for_people(std::move(line)));
  }
  return kOk;
}

}  // namespace

void add_audit(CLI::App& app, Where& where, int& code) {
  auto* command =
      app.add_subcommand("audit", "The audit trail: who did what, and its verification");
  command->require_subcommand(1);
  auto words = std::make_shared<AuditWords>();
  auto* log_command = command->add_subcommand(
      "log", "Every entry of a run (default: the newest), or of `workspace`");
  log_command->add_option("RUN", words->run, "Its id, the beginning of it, or `workspace`");
  log_command->add_flag("--json", words->json, "The stored bytes, one entry a line");
  log_command->add_flag("--names", words->names,
                        "With --json: the names of people instead of the commitments that are "
                        "stored and hashed");
  log_command->callback([&where, &code, words] { code = log(where, *words); });
  add_audit_verify(*command, where, code);
  add_audit_key(*command, where, code);
  add_audit_proof(*command, where, code);
  add_audit_export(*command, where, code);
  add_audit_retain(*command, where, code);
  add_audit_hold(*command, where, code);
  add_audit_erase(*command, where, code);
}

}  // namespace muster::cli
