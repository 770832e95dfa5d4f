// `muster check`: reads the files, says what is wrong with them, touches no host.
#include <fmt/format.h>

#include <set>

#include "base/json.hpp"
#include "cli/commands.hpp"
#include "cli/exit.hpp"
#include "cli/terminal.hpp"
#include "model/workspace.hpp"
#include "plan/compile.hpp"
#include "plan/playbook_alone.hpp"
#include "schedule/timetable.hpp"

namespace muster::cli {

namespace {

/// What there is, for the last line.
struct Counts {
  std::size_t drills = 0, steps = 0, playbooks = 0, unused = 0, hosts = 0, people = 0;
};

Counts compile_all(const model::Workspace& loaded, config::Diagnostics& out) {
  Counts counts{loaded.drills.size(),          0,
                loaded.playbooks.size(),       0,
                loaded.inventory.hosts.size(), loaded.people.persons.size()};
  std::set<std::string> used;
  for (const auto& drill : loaded.drills) {
    if (!drill.own_body) used.insert(*drill.playbook.name);
    const auto plan = plan::compile(model::loaded_drill(loaded, drill), {own_path(), true}, out);
    if (plan) counts.steps += plan->steps.size() + plan->ends.size();
    schedule::timetable(drill, loaded.inventory, loaded.calendars, out);
  }
  for (const auto& playbook : loaded.playbooks)
    if (!used.contains(*playbook.name)) {
      plan::check_alone(playbook, loaded.secrets, out);
      ++counts.unused;
    }
  return counts;
}

std::string counted(std::size_t count, std::string_view one, std::string_view many) {
  return fmt::format("{} {}", count, count == 1 ? one : many);
}

std::string summary(const Counts& counts) {
  std::string out = fmt::format(
      "The workspace is fine: {} ({}), {}{}, {}, {}.", counted(counts.drills, "drill", "drills"),
      counted(counts.steps, "step", "steps"), counted(counts.playbooks, "playbook", "playbooks"),
      counts.unused == 0 ? "" : fmt::format(" ({} of them in no drill)", counts.unused),
      counted(counts.hosts, "host", "hosts"), counted(counts.people, "person", "people"));
  if (counts.drills == 0)
    out += "\nThere is no drill yet: `muster init DIR` writes one to begin with.";
  return out;
}

Json as_json(const config::Diagnostics& diagnostics, const Counts& counts) {
  Json errors = Json::array();
  for (const auto& d : diagnostics.sorted())
    errors.push_back({{"file", d.place.source ? d.place.source->name() : ""},
                      {"line", d.place.line},
                      {"column", d.place.column},
                      {"what", d.what},
                      {"hint", d.hint}});
  return {{"errors", std::move(errors)},
          {"count", diagnostics.count()},
          {"found",
           {{"drills", counts.drills},
            {"steps", counts.steps},
            {"playbooks", counts.playbooks},
            {"playbooks_in_no_drill", counts.unused},
            {"hosts", counts.hosts},
            {"people", counts.people}}}};
}

int check(const Where& where, bool json) {
  const auto workspace = find_workspace(where);
  if (!workspace) return complain(workspace.error(), kUsage);
  config::Diagnostics diagnostics;
  const auto loaded = model::load_workspace(*workspace, diagnostics);
  const auto counts = compile_all(loaded, diagnostics);
  const int code = diagnostics.empty() ? kOk : kUsage;
  if (json) {
    say(as_json(diagnostics, counts).dump(2, ' ', false, Json::error_handler_t::replace));
  } else if (code == kOk) {
    say(summary(counts));
  } else {
    fmt::print(stderr, "{}", config::render(diagnostics));
    fmt::print(stderr, "muster: {}\n", counted(diagnostics.count(), "error", "errors"));
  }
  return code;
}

}  // namespace

void add_check(CLI::App& app, Where& where, int& code) {
  auto* command = app.add_subcommand(
      "check", "Reads all files of the workspace, says what is wrong and where; touches no host");
  auto json = std::make_shared<bool>(false);
  command->add_flag("--json", *json, "The errors with file, line, column and advice, as JSON");
  command->callback([&where, &code, json] { code = check(where, *json); });
}

}  // namespace muster::cli
