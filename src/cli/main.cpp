// The one place that wires everything: arguments to commands.
#include <fmt/format.h>

#include <algorithm>

#include "cli/commands.hpp"
#include "cli/exit.hpp"
#include "cli/help.hpp"
#include "cli/history_commands.hpp"
#include "cli/misspelt.hpp"
#include "cli/streams.hpp"
#include "cli/terminal.hpp"
#include "cli/version.hpp"

int main(int argc, char** argv) {
  using namespace muster::cli;
  open_standard_streams();
  CLI::App app{
      "Muster: runs chaos and disaster-recovery drills, times the recovery, and keeps the proof."};
  app.name("muster");
  app.set_version_flag("--version", std::string{"muster "} + kVersion);
  app.require_subcommand(1);
  app.formatter(help_format());
  Where where;
  app.add_option("-C,--workspace", where.workspace,
                 "The workspace (default: the nearest one from here upwards)")
      ->type_name("DIR");
  app.add_option("--server", where.server,
                 "Asks the muster that serves there, https://HOST:PORT, in place of a workspace of "
                 "this machine: of runs, show, step, abort, audit, schedule")
      ->type_name("URL");
  app.add_option("--token-file", where.token_file,
                 "With --server: the file whose first line is the token")
      ->type_name("FILE")
      ->envname("MUSTER_TOKEN_FILE");
  app.add_option("--ca", where.ca_file,
                 "With --server: PEM certificates of its authority (default: the system's)")
      ->type_name("FILE");
  int code = kOk;
  for (auto* add :
       {add_init,     add_schema,     add_check,      add_hosts,   add_plan,     add_sudoers,
        add_approve,  add_run,        add_serve,      add_due,     add_runs,     add_history,
        add_coverage, add_compliance, add_metrics,    add_show,    add_report,   add_step,
        add_abort,    add_recover,    add_sweep,      add_audit,   add_schedule, add_notify,
        add_token,    add_lab,        add_completion, add_man_page})
    add(app, where, code);
  // Now, or each command would inherit it.
  app.footer(
      "A workspace is a folder with drills/, playbooks/, inventory/ and reports/.\n"
      "`muster COMMAND --help` tells the rest; that of `run` what its exit status says.");
  try {
    app.parse(argc, argv);
  } catch (const CLI::Success& e) {
    return app.exit(e);
  } catch (const CLI::ParseError& e) {
    const std::vector<std::string> words(argv + std::min(argc, 1), argv + argc);
    if (const auto wrong = wrong_word(tree_of(app), words)) return complain(*wrong, kUsage);
    app.exit(e);
    return kUsage;
  } catch (const std::exception& e) {
    fmt::print(stderr,
               "muster: internal error: {}\n        please report it with the command line and the "
               "run's id\n",
               e.what());
    return kFail;
  }
  return code;
}
