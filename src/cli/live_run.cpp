#include "cli/live_run.hpp"

#include <fmt/format.h>

#include "api/message.hpp"
#include "api/target.hpp"
#include "cli/exit.hpp"
#include "cli/record.hpp"
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

namespace {

/// Nobody serves: because nothing was begun, or because its process died.
Error nobody_runs(const Where& where, const std::string& wanted) {
  const auto workspace = find_workspace(where);
  if (!workspace) return workspace.error();
  const auto session = Session::open_to_read(*workspace, where);
  if (!session) return session.error();
  const auto rows = list_runs(**session);
  if (!rows) return rows.error();
  for (auto row = rows->rbegin(); row != rows->rend(); ++row)
    if (!row->closed && row->run.starts_with(wanted))
      return Error{fmt::format("run {} of {} died: no process runs it any more", one_line(row->run),
                               one_line(row->drill)),
                   "`muster recover` brings it to its end"};
  return Error{"no drill is running in this workspace", "`muster runs` lists those that were"};
}

}  // namespace

Result<LiveRun> LiveRun::find(const Where& where, const std::string& wanted) {
  const auto client = connect_holder(where);
  if (!client) return client.error();
  if (!*client) return nobody_runs(where, wanted);
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
