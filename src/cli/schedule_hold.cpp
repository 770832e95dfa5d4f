// `muster schedule hold|resume DRILL`: a person keeps a drill from being started by its schedule.
// Through the server when one holds the store, else straight into the record.
#include <fmt/format.h>

#include "adapters/clock/asio_clock.hpp"
#include "api/target.hpp"
#include "cli/commands.hpp"
#include "cli/entries.hpp"
#include "cli/exit.hpp"
#include "cli/remote.hpp"
#include "cli/run_remote.hpp"
#include "cli/schedule_hold.hpp"
#include "cli/terminal.hpp"
#include "cli/timetables.hpp"
#include "cli/who.hpp"
#include "journal/logs.hpp"
#include "scheduler/entries.hpp"
#include "scheduler/standing.hpp"

namespace muster::cli {

namespace {

struct ScheduleHoldWords {
  std::string drill, reason;
};

Result<> ask_server(const std::shared_ptr<http::Client>& server, const ScheduleHoldWords& words,
                    bool hold) {
  Json body = Json::object();
  if (!words.reason.empty()) body["reason"] = words.reason;
  const auto answer =
      server->request("POST", api::drill_target(words.drill, hold ? "hold" : "resume"), body);
  if (!answer) return answer.error();
  const auto taken = api::json_of(*answer);
  if (!taken) return taken.error();
  return {};
}

Result<> write_down(const std::filesystem::path& workspace, const ScheduleHoldWords& words,
                    bool hold) {
  auto session = Session::open(workspace);
  if (!session) return session.error();
  scheduler::Standing standing;
  const auto size = each_entry(**session, journal::kWorkspaceLog, [&](const auto& stored) {
    if (const auto entry = journal::read_entry(stored)) scheduler::apply(standing, *entry);
  });
  if (!size) return size.error();
  if (standing.of(words.drill).hold.has_value() == hold)
    return Error{hold ? "it is held already" : "nobody holds it", "`muster schedule list`"};
  clock::AsioClock clock{(*session)->io()};
  journal::Context context;
  context.boot_id = boot_id();
  context.actor = who_am_i();
  WorkspaceLog log{**session, clock, context};
  if (const auto opened = log.open(); !opened) return opened;
  return log.note(hold ? scheduler::held(words.drill, words.reason, context.actor)
                       : scheduler::resumed(words.drill, words.reason, context.actor));
}

/// An empty error: told already.
Result<> change_here(const std::filesystem::path& workspace, const ScheduleHoldWords& words,
                     bool hold) {
  if (!load_drill_times(workspace, words.drill)) return Error{};
  const auto server = find_server(workspace);
  if (!server) return server.error();
  return *server ? ask_server(*server, words, hold) : write_down(workspace, words, hold);
}

/// The drill is one of the server's.
Result<> change_there(const Where& where, const ScheduleHoldWords& words, bool hold) {
  const auto server = connect_remote(where);
  if (!server) return server.error();
  return ask_server(*server, words, hold);
}

int change(const Where& where, const ScheduleHoldWords& words, bool hold) {
  if (hold && words.reason.empty())
    return complain({"who holds a drill owes a reason", "--reason \"why\""}, kUsage);
  const auto workspace = find_record(where);
  if (!workspace) return complain(workspace.error(), kUsage);
  const auto done = where.server.empty() ? change_here(*workspace, words, hold)
                                         : change_there(where, words, hold);
  if (!done) return done.error().what.empty() ? kUsage : complain(done.error(), kFail);
  say(hold ? fmt::format("{} is held: its schedule starts nothing until `muster schedule resume`",
                         words.drill)
           : fmt::format("{} is resumed: its schedule counts again", words.drill));
  return kOk;
}

}  // namespace

void add_schedule_hold(CLI::App& group, Where& where, int& code) {
  const auto command = [&](const char* name, const char* help, bool hold) {
    auto words = std::make_shared<ScheduleHoldWords>();
    auto* one = group.add_subcommand(name, help);
    one->add_option("DRILL", words->drill, "Name of a drill")->required();
    one->add_option("--reason", words->reason,
                    hold ? "Why, for the record; owed" : "Why, for the record")
        ->type_name("WHY");
    one->callback([&where, &code, words, hold] { code = change(where, *words, hold); });
  };
  command("hold", "Its schedule starts nothing until it is resumed; each time missed is recorded",
          true);
  command("resume", "Its schedule counts again", false);
}

}  // namespace muster::cli
