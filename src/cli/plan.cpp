// `muster plan DRILL`: prints what `run` would do, exactly, and when it is meant to be run next.
#include <fmt/format.h>

#include "base/text.hpp"
#include "cli/commands.hpp"
#include "cli/exit.hpp"
#include "cli/plan_text.hpp"
#include "cli/schedule_rows.hpp"
#include "cli/terminal.hpp"

namespace muster::cli {

namespace {

constexpr std::size_t kDates = 5;

/// Of a drill with a schedule: its next dates.
void print_dates(const DrillTimes& times, bool json) {
  const auto& plan = *times.table.schedule;
  const auto now = std::chrono::time_point_cast<Duration>(std::chrono::system_clock::now());
  Json all = next_times(plan, times.freezes, now, kDates);
  std::string text;
  for (const auto& one : all) text += "  " + one.at("text").get<std::string>() + "\n";
  // A line of its own: the plan's bytes are what its hash is of.
  if (json) return say(Json{{"next", std::move(all)}}.dump());
  say(fmt::format("NEXT DATES{}\n{}",
                  plan.file().hold ? " (held by its file: nothing of this starts by itself)" : "",
                  text.empty() ? "  none before the year 2200\n" : text));
}

int plan_drill(const Where& where, const std::string& drill, bool json) {
  const auto workspace = find_workspace(where);
  if (!workspace) return complain(workspace.error(), kUsage);
  const auto plan = load_plan(*workspace, drill);
  if (!plan) return kUsage;
  const auto times = load_drill_times(*workspace, drill);
  if (!times) return kUsage;
  say(json ? canonical_json(plan::to_json(*plan)).value() : plan_text(*plan));
  if (times->front().table.schedule) print_dates(times->front(), json);
  return kOk;
}

}  // namespace

void add_plan(CLI::App& app, Where& where, int& code) {
  auto* command = app.add_subcommand("plan",
                                     "Prints what a drill would do: hosts, steps, undos, healers, "
                                     "limits, hash; and its next dates");
  auto drill = std::make_shared<std::string>();
  auto json = std::make_shared<bool>(false);
  command->add_option("DRILL", *drill, "Name of a drill, or path of its file")->required();
  command->add_flag("--json", *json,
                    "The whole plan as canonical JSON, the bytes that the hash is of; on a second "
                    "line the next dates, if it has a schedule");
  command->callback([&where, &code, drill, json] { code = plan_drill(where, *drill, *json); });
}

}  // namespace muster::cli
