#include "cli/live_run.hpp"

#include <fmt/format.h>

#include "api/message.hpp"
#include "api/target.hpp"
#include "cli/exit.hpp"
#include "cli/remote.hpp"
#include "cli/terminal.hpp"

namespace muster::cli {

Result<std::string> pick_run(const Json& status, const std::string& wanted) {
  std::vector<std::string> fits;
  std::string all;
  for (const auto& run : status.value("runs", Json::array())) {
    const auto id = run.value("run", "");
    all += fmt::format("{}{} of {}", all.empty() ? "" : ", ", id, run.value("drill", ""));
    if (id.starts_with(wanted)) fits.push_back(id);
  }
  if (fits.size() == 1) return fits.front();
  if (all.empty())
    return Error{"no drill is running in this workspace", "`muster runs` lists those that were"};
  if (fits.empty())
    return Error{fmt::format("run {} is not going on; {} is", wanted, all),
                 "name that one, or leave the run away"};
  return Error{"several runs go on: " + all, "say which one: the beginning of its id will do"};
}

Result<LiveRun> LiveRun::find(const Where& where, const std::string& wanted) {
  const auto client = connect_holder(where);
  if (!client) return client.error();
  if (!*client)
    return Error{"no drill is running in this workspace", "`muster runs` lists those that were"};
  LiveRun run{*client, {}};
  const auto status = run.ask("GET", api::status_target());
  if (!status) return status.error();
  auto picked = pick_run(*status, wanted);
  if (!picked) return picked.error();
  run.id_ = std::move(*picked);
  return run;
}

Result<Json> LiveRun::ask(const std::string& method, const std::string& target, const Json& body) {
  const auto answer = client_->request(method, target, body);
  if (!answer) return answer.error();
  return api::json_of(*answer);
}

int post(const Where& where, const std::string& wanted,
         const std::function<std::string(const std::string& run)>& target, const Json& body,
         const std::string& said, const SignWith& sign) {
  auto run = LiveRun::find(where, wanted);
  if (!run) return complain(run.error(), kFail);
  Json asked = body;
  if (const auto done = add_signature(where, sign, target(run->id()), asked); !done)
    return complain(done.error(), kFail);
  if (const auto answer = run->ask("POST", target(run->id()), asked); !answer)
    return complain(answer.error(), kFail);
  say(fmt::format("{} (run {})", said, run->id()));
  return kOk;
}

}  // namespace muster::cli
