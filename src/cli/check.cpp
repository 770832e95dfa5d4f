// `muster check [DRILL…]`: reads the files, reports every error, touches no host.
#include <fmt/format.h>

#include "cli/commands.hpp"
#include "cli/exit.hpp"
#include "cli/terminal.hpp"
#include "model/workspace.hpp"
#include "plan/compile.hpp"

namespace muster::cli {

namespace {

int check(const Where& where) {
  const auto workspace = find_workspace(where);
  if (!workspace) return complain(workspace.error(), kUsage);
  config::Diagnostics diagnostics;
  const auto loaded = model::load_workspace(*workspace, diagnostics);
  std::size_t steps = 0;
  for (const auto& drill : loaded.drills) {
    const auto plan = plan::compile({loaded.inventory, loaded.people, drill, loaded.secrets},
                                    {own_path(), true}, diagnostics);
    if (plan) steps += plan->steps.size() + plan->ends.size();
  }
  if (!diagnostics.empty()) {
    fmt::print(stderr, "{}", config::render(diagnostics));
    fmt::print(stderr, "muster: {} error{}\n", diagnostics.count(),
               diagnostics.count() == 1 ? "" : "s");
    return kUsage;
  }
  say(fmt::format("The workspace is fine: {} drills ({} steps), {} playbooks, {} hosts, {} people.",
                  loaded.drills.size(), steps, loaded.playbooks.size(),
                  loaded.inventory.hosts.size(), loaded.people.persons.size()));
  return kOk;
}

}  // namespace

void add_check(CLI::App& app, Where& where, int& code) {
  auto* command = app.add_subcommand(
      "check", "Reads all files of the workspace and reports every error; touches no host");
  command->callback([&] { code = check(where); });
}

}  // namespace muster::cli
