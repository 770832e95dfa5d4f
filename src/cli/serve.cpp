// `muster serve`: the daemon that keeps to the schedules.
#include "cli/commands.hpp"
#include "cli/exit.hpp"
#include "cli/server.hpp"
#include "cli/terminal.hpp"
#include "cli/timetables.hpp"

namespace muster::cli {

namespace {

int serve(const Where& where, const ServeOptions& options) {
  const auto workspace = find_workspace(where);
  if (!workspace) return complain(workspace.error(), kUsage);
  // Prints what is wrong with the files, and holds the zones against libc while there is one
  // thread.
  if (!load_drill_times(*workspace, "")) return kUsage;
  auto session = Session::open(*workspace);
  if (!session) return complain(session.error(), kNotRun);
  Server server{std::move(*session), options};
  if (const auto opened = server.open(); !opened) return complain(opened.error(), kFail);
  return server.serve();
}

}  // namespace

void add_serve(CLI::App& app, Where& where, int& code) {
  auto* command = app.add_subcommand(
      "serve", "Keeps to the schedules: starts drills when they are due, and answers the API");
  auto options = std::make_shared<ServeOptions>();
  command->add_option("--at-once", options->at_once_max, "So many drills at a time at the most")
      ->check(CLI::Range(1, 64))
      ->capture_default_str();
  command->add_flag("--allow-production", options->allow_production,
                    "Drills on hosts that are production start by schedule, too");
  command->footer(
      "Ends on SIGTERM and Ctrl-C: nothing new is started, and every run is reverted first.\n"
      "SIGHUP reads the files again (they are looked at every two seconds anyway).");
  command->callback([&where, &code, options] { code = serve(where, *options); });
}

}  // namespace muster::cli
