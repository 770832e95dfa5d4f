// `muster abort`: stops the run that goes on, from any terminal of the machine; and says what it
// found when that run hangs or is dead.
#include <fmt/format.h>

#include <thread>

#include "adapters/http/client.hpp"
#include "adapters/http/server.hpp"
#include "adapters/sqlite/lock_file.hpp"
#include "adapters/sqlite/state_folder.hpp"
#include "adapters/sqlite/store.hpp"
#include "api/message.hpp"
#include "api/target.hpp"
#include "cli/commands.hpp"
#include "cli/exit.hpp"
#include "cli/live_run.hpp"
#include "cli/person_key.hpp"
#include "cli/recovery.hpp"
#include "cli/remote.hpp"
#include "cli/terminal.hpp"

namespace muster::cli {

namespace {

/// Nobody waits half a minute for a process that hangs when a drill must be stopped.
constexpr std::chrono::milliseconds kAnswerWithin{5'000};

struct AbortWords {
  std::string run, reason;
  SignWith sign;
};

/// How often it is asked for again while its holder begins or ends, when it serves nobody.
constexpr std::chrono::milliseconds kAskAgain{100};

/// No answer came, for this reason; `asked`: somebody was there to be asked. Only who holds the
/// store now, and should answer, can hang; what heals must never be ended.
int complain_of_silence(const std::filesystem::path& folder, const Error& why, bool asked) {
  const auto holder = sqlite::LockFile::look((folder / sqlite::kLockFile).string());
  if (holder.is != sqlite::Holder::Is::somebody) return complain(why, kFail);
  if (!holder.answers())
    return complain(
        {why.what, fmt::format("the store is held by {}: wait until it is done; it may be "
                               "healing, do not end it",
                               holder.who.empty() ? "another process" : holder.who)},
        kFail);
  return complain(
      {fmt::format("it does not answer: {}{}", holder.who, asked ? "" : ": " + why.what),
       "nothing was stopped. Its leases end by themselves when it hangs: within 20 s the healers "
       "undo what is live, but not what a step of no return holds. End it (kill -KILL PID), then "
       "`muster abort` again, or `muster recover`"},
      kFail);
}

/// Null: nobody serves; whoever is about to is waited for.
Result<std::shared_ptr<http::Client>> connect_local(const std::filesystem::path& folder) {
  const auto until = std::chrono::steady_clock::now() + kAnswerWithin;
  while (true) {
    auto client = http::Client::connect(folder / http::kSocketFile, {kAnswerWithin});
    if (!client || *client) return client;
    const auto holder = sqlite::LockFile::look((folder / sqlite::kLockFile).string());
    if (holder.is != sqlite::Holder::Is::somebody || !holder.answers()) return client;
    if (std::chrono::steady_clock::now() > until) return client;
    std::this_thread::sleep_for(kAskAgain);
  }
}

/// Nobody serves: what the record says of the run, and it is brought to its end.
int abort_dead(const std::filesystem::path& workspace, const std::filesystem::path& folder,
               const std::string& wanted) {
  auto session = Session::open(workspace);
  if (!session) {
    const auto holder = sqlite::LockFile::look((folder / sqlite::kLockFile).string());
    if (!holder.answers()) return complain(session.error(), kFail);
    return complain({session.error().what,
                     "it serves nobody, so it begins or ends just now: try again in a moment"},
                    kFail);
  }
  auto rows = list_runs(**session);
  if (!rows) return complain(rows.error(), kFail);
  if (!wanted.empty()) {
    const auto row = find_run(**session, wanted);
    if (!row) return complain(row.error(), kUsage);
    if (row->closed)
      return complain({fmt::format("run {} of {} is over: {}, {}", row->run, row->drill,
                                   row->result, row->state),
                       row->state == "dirty" ? "`muster recover` tries its undos again" : ""},
                      kFail);
    rows->assign(1, *row);
  }
  std::erase_if(*rows, [](const RunRow& row) { return row.closed; });
  if (rows->empty())
    return complain(
        {"no drill is running in this workspace", "`muster runs` lists those that were"}, kFail);
  for (const auto& row : *rows)
    say(fmt::format("Run {} of {} has no process any more: it died. It is reverted now.", row.run,
                    row.drill));
  const auto recovery = recover_all(**session, *rows, {false, false, {}});
  say("\n" + summary_text(recovery));
  for (const auto& text : recovery.details) say("\n" + text);
  return recovery.dirty ? kDirty : kOk;
}

/// `hung` says what it means that no answer comes, for the reason that it is given.
int abort_live(http::Client& client, const Where& where, const AbortWords& words,
               const std::function<int(const Error&)>& hung) {
  const auto status = client.request("GET", api::status_target());
  if (!status) return hung(status.error());
  const auto live = api::json_of(*status);
  if (!live) return complain(live.error(), kFail);
  const auto picked = pick_run(*live, words.run);
  if (!picked) return complain(picked.error(), kFail);
  const std::string run = *picked;
  Json body = Json::object();
  if (!words.reason.empty()) body["reason"] = words.reason;
  if (const auto done = add_signature(where, words.sign, api::abort_target(run), body); !done)
    return complain(done.error(), kFail);
  const auto answer = client.request("POST", api::abort_target(run), body);
  if (!answer) return hung(answer.error());
  if (const auto taken = api::json_of(*answer); !taken) return complain(taken.error(), kFail);
  say(
      fmt::format("it is being stopped and reverted (after a step of no return: held); `muster "
                  "show` tells when that is done (run {})",
                  run));
  return kOk;
}

int abort(const Where& where, const AbortWords& words) {
  if (!where.server.empty()) {
    const auto client = connect_remote(where, {kAnswerWithin});
    if (!client) return complain(client.error(), kFail);
    return abort_live(**client, where, words, [&](const Error&) {
      return complain(
          {fmt::format("{} does not answer: whether it stops is not known", where.server),
           "`muster abort` on that machine tells more"},
          kFail);
    });
  }
  const auto workspace = find_workspace(where);
  if (!workspace) return complain(workspace.error(), kUsage);
  const auto folder = sqlite::state_folder(*workspace, sqlite::surroundings());
  if (!folder) return complain(folder.error(), kFail);
  const auto client = connect_local(*folder);
  if (!client) return complain_of_silence(*folder, client.error(), false);
  if (!*client) return abort_dead(*workspace, *folder, words.run);
  return abort_live(**client, where, words,
                    [&](const Error& why) { return complain_of_silence(*folder, why, true); });
}

}  // namespace

void add_abort(CLI::App& app, Where& where, int& code) {
  auto* command = app.add_subcommand(
      "abort", "Stops the run that goes on: everything is reverted (after a no-return step: held)");
  auto words = std::make_shared<AbortWords>();
  command->add_option("RUN", words->run, "The run (default: the one that goes on, or died)");
  command->add_option("--reason", words->reason, "Why, for the record");
  add_sign_options(*command, words->sign);
  command->callback([&where, &code, words] { code = abort(where, *words); });
}

}  // namespace muster::cli
