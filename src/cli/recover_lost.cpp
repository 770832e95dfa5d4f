#include "cli/recover_lost.hpp"

#include <fmt/format.h>

#include "cli/exit.hpp"
#include "cli/owed_reason.hpp"
#include "cli/runner.hpp"
#include "cli/terminal.hpp"

namespace muster::cli {

namespace {

constexpr std::size_t kLeftMax = 100;

Result<RunRow> open_run(Session& session, const std::string& name) {
  auto row = find_run(session, name);
  if (!row) return row;
  if (!row->needs_recovery())
    return Error{fmt::format("run {} of {} was brought to its end", row->run, row->drill),
                 fmt::format("`muster show {}` tells how", row->run)};
  if (load_record(session, *row, Samples::leave))
    return Error{
        fmt::format("the record of run {} of {} can be read", row->run, row->drill),
        "`muster recover` undoes what it left, and proves it; what it cannot prove on a host ends "
        "by `muster recover --mended HOST --reason WHY`"};
  return row;
}

/// "process.pause on db-1"
std::vector<std::string> not_proven(Session& session, const RunRow& row) {
  std::vector<std::string> left;
  for (const auto& e : open_effects(session, row))
    if (left.size() < kLeftMax) left.push_back(fmt::format("{} on {}", e.script, e.host));
  return left;
}

void tell(const RunRow& row, const Json& data, bool json) {
  if (json)
    return say(Json{{"run", row.run}, {"closed", data}}.dump(2, ' ', false,
                                                             Json::error_handler_t::replace));
  say(fmt::format("CLOSED run {} of {}, as changed, on your word. Its record cannot be read: {}",
                  row.run, row.drill, one_line(data.at("why").get<std::string>())));
  for (const auto& left : data.at("left"))
    say(fmt::format("  not proven undone by what can be read of it: {}",
                    one_line(left.get<std::string>())));
  say("Nothing was undone now. `muster sweep` lists what is in place on the hosts.");
}

}  // namespace

int recover_lost(Session& session, const std::string& run, const std::string& reason, bool json) {
  if (const auto problem = problem_of_reason(reason, "who ends a run by their word owes a reason");
      !problem.empty())
    return complain({problem, "--reason \"why\""}, kUsage);
  const auto row = open_run(session, run);
  if (!row) return complain(row.error(), kUsage);
  const RunOptions options{false, json, {}};
  // Of a run that had died before its first entry nothing is lost.
  if (recover_run(session, *row, options))
    return complain({fmt::format("nothing of run {} is lost: it had not begun", row->run),
                     "it is closed now, by itself"},
                    kOk);
  const auto record = load_record(session, *row, Samples::leave);
  if (record) return complain({"its record can be read by now", "`muster recover`"}, kFail);
  const Json data{
      {"why", record.error().what}, {"reason", reason}, {"left", not_proven(session, *row)}};
  if (const auto done = close_lost(session, *row, data, options); !done)
    return complain(done.error(), kDirty);
  tell(*row, data, json);
  return kOk;
}

}  // namespace muster::cli
