// `muster step answer|fail STEP` and `muster abort`: what a person does to a run that goes on, from
// any terminal of the machine. The run that holds the store takes it, and records who it was.
#include <fmt/format.h>

#include "adapters/http/client.hpp"
#include "adapters/http/server.hpp"
#include "adapters/sqlite/state_folder.hpp"
#include "api/message.hpp"
#include "cli/commands.hpp"
#include "cli/exit.hpp"
#include "cli/terminal.hpp"

namespace muster::cli {

namespace {

struct StepWords {
  std::string run, step, reason;
  std::vector<std::string> answers;
};

/// Posts to the run that goes on; `path` follows /v1/runs/ID.
int post(const Where& where, const std::string& run, const std::string& path, const Json& body,
         const char* said) {
  const auto workspace = find_workspace(where);
  if (!workspace) return complain(workspace.error(), kUsage);
  const auto folder = sqlite::state_folder(*workspace, sqlite::surroundings());
  if (!folder) return complain(folder.error(), kUsage);
  const auto client = http::Client::connect(*folder / http::kSocketFile);
  if (!client) return complain(client.error(), kFail);
  if (!*client)
    return complain(
        {"no drill is running in this workspace", "`muster runs` lists those that were"}, kFail);
  const auto status = (*client)->request("GET", "/v1/status");
  if (!status) return complain(status.error(), kFail);
  const auto told = api::json_of(*status);
  if (!told) return complain(told.error(), kFail);
  const auto live = told->value("run", "");
  if (!run.empty() && !live.starts_with(run))
    return complain({fmt::format("run {} is not going on; {} is", run, live),
                     "name that one, or leave the run away"},
                    kUsage);
  const auto answer = (*client)->request("POST", "/v1/runs/" + live + path, body);
  if (!answer) return complain(answer.error(), kFail);
  if (const auto json = api::json_of(*answer); !json) return complain(json.error(), kFail);
  say(fmt::format("{} (run {})", said, live));
  return kOk;
}

int answer(const Where& where, const StepWords& words) {
  Json answers = Json::object();
  for (const auto& text : words.answers) {
    const auto eq = text.find('=');
    if (eq == std::string::npos || eq == 0)
      return complain(
          {fmt::format("'{}' is not an answer", text), "write NAME=VALUE, as in recover_to=latest"},
          kUsage);
    answers[text.substr(0, eq)] = text.substr(eq + 1);
  }
  return post(where, words.run, "/steps/" + words.step + "/answer", Json{{"answers", answers}},
              "answered");
}

}  // namespace

void add_step(CLI::App& app, Where& where, int& code) {
  auto* command =
      app.add_subcommand("step", "Answers a step that waits for a person, from any terminal");
  command->require_subcommand(1);
  auto words = std::make_shared<StepWords>();
  command->add_option("--run", words->run, "The run (default: the one that goes on)");
  auto* answer_command = command->add_subcommand(
      "answer", "Answers it: answer STEP [NAME=VALUE…]; what is left away takes its default");
  answer_command->add_option("STEP", words->step, "Id of the step, as the question shows it")
      ->required();
  answer_command->add_option("ANSWERS", words->answers, "NAME=VALUE");
  answer_command->callback([&where, &code, words] { code = answer(where, *words); });
  auto* fail_command =
      command->add_subcommand("fail", "Says that it cannot be done; needs a reason");
  fail_command->add_option("STEP", words->step, "Id of the step")->required();
  fail_command->add_option("--reason", words->reason, "Why")->required();
  fail_command->callback([&where, &code, words] {
    code = post(where, words->run, "/steps/" + words->step + "/fail",
                Json{{"reason", words->reason}}, "noted: it cannot be done");
  });
}

void add_abort(CLI::App& app, Where& where, int& code) {
  auto* command = app.add_subcommand(
      "abort", "Stops the run that goes on: everything is reverted (after a no-return step: held)");
  auto words = std::make_shared<StepWords>();
  command->add_option("RUN", words->run, "The run (default: the one that goes on)");
  command->add_option("--reason", words->reason, "Why, for the record");
  command->callback([&where, &code, words] {
    Json body = Json::object();
    if (!words->reason.empty()) body["reason"] = words->reason;
    code = post(where, words->run, "/abort", body,
                "it is being stopped and reverted; `muster show` tells when that is done");
  });
}

}  // namespace muster::cli
