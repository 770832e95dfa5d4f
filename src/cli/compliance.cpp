// `muster compliance`: each drill of the workspace: when it is due, when it was tested and passed
// last, by which run, and what its evidence would lack.
#include <fmt/format.h>

#include <algorithm>
#include <chrono>

#include "cli/due_now.hpp"
#include "cli/exit.hpp"
#include "cli/history_commands.hpp"
#include "cli/past_runs.hpp"
#include "cli/schedule_text.hpp"
#include "cli/terminal.hpp"
#include "cli/witnesses.hpp"
#include "history/gaps.hpp"
#include "model/workspace.hpp"

namespace muster::cli {

namespace {

struct Line {
  std::string drill;
  const history::Run* tested = nullptr;
  const history::Run* passed = nullptr;
  std::optional<DueNow> due;
  std::vector<history::Gap> gaps;
};

history::Around around_of(const model::Workspace& workspace) {
  const auto& all = workspace.witnesses.all;
  return {std::any_of(all.begin(), all.end(), [](const auto& w) { return !is_weak(w); }),
          workspace.retention.keep.has_value()};
}

std::vector<Line> lines_of(const model::Workspace& workspace, const std::vector<history::Run>& runs,
                           const std::string& only, WallTime now) {
  std::vector<Line> out;
  for (const auto& drill : workspace.drills) {
    if (!only.empty() && *drill.name != only) continue;
    Line line{*drill.name, nullptr, nullptr, due_now(drill, runs, now),
              history::gaps_of(drill, around_of(workspace))};
    for (const auto& run : runs) {
      if (run.drill != line.drill || !run.closed) continue;
      if (run.is_test()) line.tested = &run;
      if (run.passed()) line.passed = &run;
    }
    out.push_back(std::move(line));
  }
  return out;
}

std::string when(const history::Run* run) {
  return run ? fmt::format("{} by {}", format_utc(run->opened).substr(0, 10), run->id)
             : std::string{"never"};
}

void print(const std::vector<Line>& lines) {
  for (const auto& line : lines) {
    say(line.drill);
    say("  last tested  " + when(line.tested) +
        (line.tested ? " (" + line.tested->result + ")" : ""));
    say("  last passed  " + when(line.passed));
    if (line.due)
      say(fmt::format("  due          {}: {}", line.due->due.text(),
                      due_text(line.due->state, line.due->due.zone())));
    for (const auto& gap : line.gaps)
      say(fmt::format("  lacks        {}: {}", gap.field, gap.lacks));
    if (line.gaps.empty()) say("  lacks        nothing that this can tell beforehand");
  }
}

Json as_json(const Line& line) {
  const auto brief = [](const history::Run& run) {
    return Json{{"run", run.id}, {"started", format_utc(run.opened)}, {"result", run.result}};
  };
  Json out{{"drill", line.drill}, {"gaps", Json::array()}};
  if (line.tested) out["last_tested"] = brief(*line.tested);
  if (line.passed) out["last_passed"] = brief(*line.passed);
  if (line.due) out["due"] = due_json(line.due->state);
  for (const auto& gap : line.gaps)
    out["gaps"].push_back(Json{{"field", gap.field}, {"lacks", gap.lacks}});
  return out;
}

int compliance(const Where& where, const std::string& drill, bool json) {
  const auto path = find_workspace(where);
  if (!path) return complain(path.error(), kUsage);
  config::Diagnostics diagnostics;
  const auto workspace = model::load_workspace(*path, diagnostics);
  if (!diagnostics.empty()) {
    fmt::print(stderr, "{}", config::render(diagnostics));
    return complain({"the workspace has errors", "`muster check`"}, kUsage);
  }
  auto session = Session::open_to_read(*path);
  if (!session) return complain(session.error(), kFail);
  const auto past = past_runs(**session);
  if (!past) return complain(past.error(), kFail);
  const auto now = std::chrono::time_point_cast<Duration>(std::chrono::system_clock::now());
  const auto lines = lines_of(workspace, past->all(), drill, now);
  if (lines.empty())
    return complain({drill.empty() ? "there is no drill in this workspace"
                                   : fmt::format("there is no drill '{}'", drill),
                     "drills/*.yaml"},
                    kUsage);
  if (json) {
    Json out = Json::array();
    for (const auto& line : lines) out.push_back(as_json(line));
    say(out.dump());
  } else {
    print(lines);
  }
  const bool late = std::any_of(lines.begin(), lines.end(),
                                [](const Line& line) { return line.due && line.due->overdue(); });
  return late ? kOverdue : kOk;
}

}  // namespace

void add_compliance(CLI::App& app, Where& where, int& code) {
  auto* command = app.add_subcommand(
      "compliance",
      "Each drill: due when, last tested, last passed, by which run; and what its evidence would "
      "lack, told before it is run; ends with 7 when one is overdue");
  auto drill = std::make_shared<std::string>();
  auto json = std::make_shared<bool>(false);
  command->add_option("DRILL", *drill, "Only this one");
  command->add_flag("--json", *json, "The same as JSON");
  command->callback([&where, &code, drill, json] { code = compliance(where, *drill, *json); });
}

}  // namespace muster::cli
