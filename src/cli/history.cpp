// `muster history DRILL` and `muster coverage`: how it went over time; what was exercised, and what
// never was.
#include <fmt/format.h>

#include <algorithm>

#include "catalogue/fault.hpp"
#include "catalogue/restore.hpp"
#include "cli/exit.hpp"
#include "cli/history_commands.hpp"
#include "cli/past_runs.hpp"
#include "cli/terminal.hpp"
#include "history/coverage.hpp"
#include "history/trend.hpp"
#include "model/workspace.hpp"

namespace muster::cli {

namespace {

struct HistoryWords {
  std::string drill;
  std::size_t newest = 20;
  bool json = false;
};

std::string_view word_of(history::Regression r) {
  return r == history::Regression::yes ? "yes" : r == history::Regression::none ? "no" : "unknown";
}

Json as_json(const history::Series& series) {
  Json out{{"objective", series.kind},
           {"service", series.service},
           {"regression", word_of(series.regression)},
           {"compared", series.compared},
           {"points", Json::array()}};
  for (const auto& p : series.points) {
    auto point = cli::as_json(p.objective);
    point["run"] = p.run->id;
    point["started"] = format_utc(p.run->opened);
    point["result"] = p.run->result;
    out["points"].push_back(std::move(point));
  }
  return out;
}

void print(const std::vector<history::Series>& all, const std::vector<const history::Run*>& runs,
           const HistoryWords& words) {
  const auto counted = [&](auto fits) { return std::count_if(runs.begin(), runs.end(), fits); };
  say(fmt::format("{}: {} runs, {} of them tests, {} passed", words.drill, runs.size(),
                  counted([](const auto* r) { return r->is_test(); }),
                  counted([](const auto* r) { return r->passed(); })));
  for (const auto& series : all) {
    say(fmt::format("\n{}{}{}", series.service, series.service.empty() ? "" : ": ", series.kind));
    std::string chart = history::chart_of(series, words.newest);
    chart.pop_back();  // say() ends the last line itself
    say(chart);
    say("  " + history::sentence_of(series));
  }
}

/// 1 when something got worse: for scripts that watch over it.
int history_of(const Where& where, const HistoryWords& words) {
  const auto workspace = find_workspace(where);
  if (!workspace) return complain(workspace.error(), kUsage);
  auto session = Session::open_to_read(*workspace);
  if (!session) return complain(session.error(), kFail);
  auto past = past_runs(**session);
  if (!past) return complain(past.error(), kFail);
  history::Filter filter;
  filter.drill = words.drill;
  if (history::filtered(past->all(), filter).empty())
    return complain({fmt::format("the drill '{}' was never run here", words.drill),
                     "`muster runs` lists what was"},
                    kUsage);
  fill_in(**session, *past, words.drill);
  const auto runs = history::filtered(past->all(), filter);
  const auto all = history::trends_of(runs);
  if (words.json) {
    Json out{{"drill", words.drill}, {"series", Json::array()}};
    for (const auto& series : all) out["series"].push_back(as_json(series));
    say(out.dump());
  } else {
    print(all, runs, words);
  }
  const bool worse = std::any_of(all.begin(), all.end(), [](const auto& s) {
    return s.regression == history::Regression::yes;
  });
  return worse ? kFail : kOk;
}

/// What the workspace and the binary have that could be exercised.
history::Known known_in(const std::filesystem::path& path) {
  config::Diagnostics ignored;  // `muster check` tells them
  const auto workspace = model::load_workspace(path, ignored);
  history::Known known;
  for (const auto& drill : workspace.drills) known.drills.push_back(*drill.name);
  for (const auto& host : workspace.inventory.hosts)
    if (!host.is_protected) known.hosts.push_back(host.name);
  for (const auto& [name, fault] : catalogue::builtin_faults()) known.faults.push_back(name);
  for (const auto& [name, provider] : catalogue::restore_providers())
    known.restores.push_back(name);
  for (const auto& person : workspace.people.persons) known.people.push_back(person.id);
  return known;
}

Json as_json(const std::vector<history::Covered>& all) {
  Json out = Json::array();
  for (const auto& c : all) {
    Json one{{"what", c.what}, {"times", c.times}};
    if (c.last) {
      one["last_run"] = c.last->id;
      one["last_started"] = format_utc(c.last->opened);
      one["last_result"] = c.last->result;
      one["ended"] = c.how;
    }
    out.push_back(std::move(one));
  }
  return out;
}

void print(std::string_view title, const std::vector<history::Covered>& all) {
  if (all.empty()) return;
  say(fmt::format("{}", title));
  for (const auto& c : all)
    if (c.last)
      say(fmt::format("  {:<32} {} in {} ({}){}{}, {} runs", c.what,
                      format_utc(c.last->opened).substr(0, 10), c.last->id, c.last->result,
                      c.how.empty() ? "" : ": ", c.how, c.times));
    else
      say(fmt::format("  {:<32} never", c.what));
}

int coverage(const Where& where, bool json) {
  const auto workspace = find_workspace(where);
  if (!workspace) return complain(workspace.error(), kUsage);
  auto session = Session::open_to_read(*workspace);
  if (!session) return complain(session.error(), kFail);
  auto past = past_runs(**session);
  if (!past) return complain(past.error(), kFail);
  fill_in(**session, *past, {});
  const auto c = history::coverage_of(past->all(), known_in(*workspace));
  if (json) {
    say(Json{{"drills", as_json(c.drills)},
             {"hosts", as_json(c.hosts)},
             {"faults", as_json(c.faults)},
             {"restores", as_json(c.restores)},
             {"roles", as_json(c.roles)},
             {"people_never", c.people_never},
             {"runs_not_read", c.unread}}
            .dump());
    return kOk;
  }
  print("DRILLS", c.drills);
  print("HOSTS", c.hosts);
  print("FAULTS", c.faults);
  print("RESTORES", c.restores);
  print("PEOPLE", c.roles);
  for (const auto& person : c.people_never) say(fmt::format("  {:<32} never in a role", person));
  if (c.unread > 0)
    say(fmt::format("{} older runs are not counted: their records were not read, or are removed.",
                    c.unread));
  return kOk;
}

}  // namespace

void add_history(CLI::App& app, Where& where, int& code) {
  auto* command = app.add_subcommand(
      "history",
      "How a drill went over time, each run against its objectives; ends with 1 when the "
      "newest is wholly worse than all of the last ones");
  auto words = std::make_shared<HistoryWords>();
  command->add_option("DRILL", words->drill, "Which drill")->required();
  command->add_option("--limit", words->newest, "Lines of each chart (default: 20)")
      ->type_name("N")
      ->check(CLI::Range(1, 1000));
  command->add_flag("--json", words->json, "All points, as JSON");
  command->callback([&where, &code, words] { code = history_of(where, *words); });
}

void add_coverage(CLI::App& app, Where& where, int& code) {
  auto* command = app.add_subcommand(
      "coverage",
      "Drills, hosts, faults, restores and people: when last exercised, how that ended, "
      "and what never was");
  auto json = std::make_shared<bool>(false);
  command->add_flag("--json", *json, "The same as JSON");
  command->callback([&where, &code, json] { code = coverage(where, *json); });
}

}  // namespace muster::cli
