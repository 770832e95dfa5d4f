// The one place that wires everything: arguments to commands.
#include <fmt/format.h>

#include "cli/commands.hpp"
#include "cli/exit.hpp"
#include "cli/streams.hpp"
#include "cli/version.hpp"

int main(int argc, char** argv) {
  using namespace muster::cli;
  open_standard_streams();
  CLI::App app{
      "Muster: runs chaos and disaster-recovery drills, times the recovery, and keeps the proof."};
  app.name("muster");
  app.set_version_flag("--version", std::string{"muster "} + kVersion);
  app.require_subcommand(1);
  app.footer(
      "A workspace is a folder with drills/, playbooks/, inventory/ and reports/.\n"
      "Exit status of `run`: 0 PASS, 1 FAIL, 2 usage or bad files, 3 INCONCLUSIVE, 4 INVALID,\n"
      "5 NOT_RUN or ABORTED, 6 something is not proven undone, whatever the result.");
  Where where;
  app.add_option("-C,--workspace", where.workspace,
                 "The workspace (default: the nearest one from here upwards)");
  int code = kOk;
  for (auto* add : {add_init, add_schema, add_check, add_hosts, add_plan, add_run, add_runs,
                    add_show, add_report, add_step, add_abort, add_recover, add_audit, add_lab,
                    add_completion, add_man_page})
    add(app, where, code);
  try {
    app.parse(argc, argv);
  } catch (const CLI::Success& e) {
    return app.exit(e);
  } catch (const CLI::ParseError& e) {
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
