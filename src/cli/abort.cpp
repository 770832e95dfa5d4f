// `muster abort`: stops the run that goes on, from any terminal of the machine.
#include "api/target.hpp"
#include "cli/commands.hpp"
#include "cli/live_run.hpp"

namespace muster::cli {

void add_abort(CLI::App& app, Where& where, int& code) {
  struct Words {
    std::string run, reason;
  };
  auto* command = app.add_subcommand(
      "abort", "Stops the run that goes on: everything is reverted (after a no-return step: held)");
  auto words = std::make_shared<Words>();
  command->add_option("RUN", words->run, "The run (default: the one that goes on)");
  command->add_option("--reason", words->reason, "Why, for the record");
  command->callback([&where, &code, words] {
    Json body = Json::object();
    if (!words->reason.empty()) body["reason"] = words->reason;
    code = post(where, words->run, api::abort_target, body,
                "it is being stopped and reverted; `muster show` tells when that is done");
  });
}

}  // namespace muster::cli
