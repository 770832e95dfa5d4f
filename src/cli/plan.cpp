// `muster plan DRILL`: prints what `run` would do, exactly.
#include <fmt/format.h>

#include "base/text.hpp"
#include "cli/commands.hpp"
#include "cli/exit.hpp"
#include "cli/plan_text.hpp"
#include "cli/terminal.hpp"

namespace muster::cli {

void add_plan(CLI::App& app, Where& where, int& code) {
  auto* command = app.add_subcommand(
      "plan", "Prints what a drill would do: hosts, steps, undos, healers, limits, hash");
  auto drill = std::make_shared<std::string>();
  auto json = std::make_shared<bool>(false);
  command->add_option("DRILL", *drill, "Name of a drill, or path of its file")->required();
  command->add_flag("--json", *json,
                    "The whole plan as canonical JSON: the bytes that the hash is of");
  command->callback([&where, &code, drill, json] {
    const auto workspace = find_workspace(where);
    if (!workspace) {
      code = complain(workspace.error(), kUsage);
      return;
    }
    const auto plan = load_plan(*workspace, *drill);
    code = plan ? kOk : kUsage;
    if (plan) *json ? say(canonical_json(plan::to_json(*plan)).value()) : say(plan_text(*plan));
  });
}

}  // namespace muster::cli
